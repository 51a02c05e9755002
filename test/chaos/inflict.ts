/** How each kind of fault is done, and taken back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUR, type Millis } from '../../src/domain/instant.ts';
import { Chance } from '../simulation/chance.ts';
import { isOfProcess, type FaultKind, type PlannedFault } from './fault-plan.ts';
import type { Fleet, Member } from './fleet.ts';
import type { InflictedFault } from './history.ts';

interface Deed {
  readonly fleet: Fleet;
  readonly member: Member;
  readonly lasts: Millis;
  readonly chance: Chance;
}

/** Resolves when the fault has been taken back. */
type Fault = (deed: Deed) => Promise<unknown>;

async function replace({ member }: Deed, signal: NodeJS.Signals): Promise<void> {
  await member.daemon.end(signal);
  await member.start();
}

async function freeze(pid: number | undefined, lasts: Millis): Promise<void> {
  if (pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  await sleep(lasts);
  process.kill(pid, 'SIGCONT');
}

const freezeMember: Fault = ({ member, lasts }) => freeze(member.daemon.process.pid, lasts);

const setClock: Fault = async ({ member, lasts, chance }) => {
  await member.clock.shift(member.daemon, chance.pick([HOUR, -HOUR]));
  await sleep(lasts);
  await member.clock.shift(member.daemon, 0);
};

const cutOff: Fault = async ({ member: { proxy }, lasts }) => {
  proxy.part();
  await sleep(lasts);
  proxy.mend();
};

const all = ({ fleet }: Deed): Member[] => [...fleet.servers, ...fleet.workers];

/** With these settings for a while. */
async function configure({ fleet, lasts }: Deed, during: readonly string[], after: readonly string[]): Promise<void> {
  const set = ([name = '', value = '']: readonly string[]) =>
    fleet.onRedis((redis) => redis.config('SET', name, value));
  await set(during);
  await sleep(lasts);
  await set(after);
}

const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  'kill server': (deed) => replace(deed, 'SIGKILL'),
  'kill worker': (deed) => replace(deed, 'SIGKILL'),
  'restart server': (deed) => replace(deed, 'SIGTERM'),
  'restart worker': (deed) => replace(deed, 'SIGTERM'),
  'freeze server': freezeMember,
  'freeze worker': freezeMember,
  'set clock of server': setClock,
  'set clock of worker': setClock,
  'kill redis': async ({ fleet, lasts }) => {
    process.kill(fleet.redis.pid, 'SIGKILL');
    await sleep(lasts);
    await fleet.restartRedis();
  },
  'freeze redis': ({ fleet, lasts }) => freeze(fleet.redis.pid, lasts),
  'cut off server': cutOff,
  'cut off worker': cutOff,
  'delay all': async (deed) => {
    for (const { proxy } of all(deed)) proxy.lagMs = 200;
    await sleep(deed.lasts);
    for (const { proxy } of all(deed)) {
      proxy.lagMs = 0;
      // What is still on its way may not be overtaken.
      proxy.mend();
    }
  },
  'lose replies': async (deed) => {
    for (const { proxy } of all(deed)) proxy.decide = () => (deed.chance.happens(0.2) ? 'lose reply' : 'pass');
    await sleep(deed.lasts);
    for (const { proxy } of all(deed)) proxy.decide = () => 'pass';
  },
  'flush scripts': ({ fleet }) => fleet.onRedis((redis) => redis.script('FLUSH')),
  'kill clients': ({ fleet }) =>
    fleet.onRedis((redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
  'fill redis': (deed) => configure(deed, ['maxmemory', '1mb'], ['maxmemory', '0']),
  'refuse writes': (deed) => configure(deed, ['min-replicas-to-write', '1'], ['min-replicas-to-write', '0']),
  'keep redis busy': async ({ fleet, lasts }) => {
    const spin = "local e = os.clock() + ARGV[1] / 1000 while os.clock() < e do end return 'OK'";
    await fleet.onRedis(async (redis) => {
      await redis.config('SET', 'busy-reply-threshold', '500');
      await redis.eval(spin, 0, lasts).catch(() => undefined);
    });
  },
};

/**
 * Does all of them at their times, but none to a process, to its way to Redis, or to Redis before the one before it there
 * has been taken back.
 *
 * @returns them as they came, when the last has been taken back.
 */
export function inflict(fleet: Fleet, plan: readonly PlannedFault[], seed: number): Promise<InflictedFault[]> {
  const chance = new Chance(seed + 1);
  const begun = Date.now();
  const busy = new Map<string, Promise<unknown>>();
  return Promise.all(
    plan.map(({ kind, at, lasts, target }) => {
      const members = kind.endsWith('server') ? fleet.servers : fleet.workers;
      const member = members[target];
      if (member === undefined) throw new Error(`nobody is number ${target} for ${kind}`);
      const own = chance.fork();
      const one = kind.endsWith('server') || kind.endsWith('worker');
      const line = isOfProcess(kind) ? member.name : one ? `the way of ${member.name}` : 'redis';
      const before = busy.get(line);
      const fault = (async (): Promise<InflictedFault> => {
        await sleep(Math.max(0, begun + at - Date.now()));
        await before;
        const from = Date.now();
        await FAULTS[kind]({ fleet, member, lasts, chance: own });
        return { kind, target: one ? member.name : null, from, to: Date.now() };
      })();
      busy.set(line, fault);
      return fault;
    }),
  );
}
