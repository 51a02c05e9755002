/**
 * A process with an executor, to be killed: it starts commands, ever more of them, half of which end by themselves.
 * Arguments: the implementation's name, what the commands get as MARK, and what to do first: `leave` two processes running,
 * with LEFT=1, or run a command by `bash` with this startup file.
 */
import { EXECUTORS, PATH, spec } from './harness.ts';

const [name, mark = '', first, startup = ''] = process.argv.slice(2);
const executor = EXECUTORS.find((one) => one.name === name)?.create();
if (!executor) throw new Error(`no executor is called ${name}`);

const env = { PATH, MARK: mark };
const sink = { write: () => {} };
const daemon = (script: string): string => `(setsid sh -c '${script}' </dev/null >/dev/null 2>&1 &)`;
const COMMANDS = [
  'sleep 1000',
  'sleep 0.01',
  '(sleep 1000; true) & sleep 1000 & wait',
  'true',
  `${daemon('exec sleep 1000')}; exec sleep 1000`,
  `${daemon('trap "" TERM; sleep 1000; true')}; ${daemon('kill -STOP $$; true')}; wait; trap "" TERM; sleep 1000; true`,
];

async function startSome(index: number): Promise<void> {
  const command = COMMANDS[index % COMMANDS.length] ?? 'true';
  await executor?.start(spec(command, { env }), sink).started;
  if (index === 6) process.stdout.write('ready\n');
  if (index < 80) setImmediate(() => void startSome(index + 1));
}

if (first === 'leave') {
  const command = 'LEFT=1 nohup sleep 1000 >/dev/null 2>&1 & (LEFT=1 setsid sleep 1000 >/dev/null 2>&1 &)';
  await executor.start(spec(command, { env }), sink).ended;
}
if (first === 'bash') {
  const bash = spec('true', { shell: '/bin/bash', env: { ...env, BASH_ENV: startup } });
  await executor.start(bash, sink).ended;
}
setInterval(() => {}, 60_000);
void startSome(0);
