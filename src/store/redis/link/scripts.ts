/**
 * Lua scripts, as they are called: by their SHA, and in full when Redis does not know them (it forgets them when it
 * restarts, and a replica that was promoted may never have seen them).
 */
import { createHash } from 'node:crypto';
import { PARTS, SCRIPTS } from '../generated/scripts.ts';

export type ScriptName = keyof typeof SCRIPTS;
export type Argument = string | number | Buffer;

interface Script {
  readonly sha: string;
  readonly source: string;
}

/** What can run a script: ioredis has both a single Redis and a cluster in this form. */
export interface ScriptRunner {
  evalsha(sha: string, keys: number, ...keysAndArguments: Argument[]): Promise<unknown>;
  eval(source: string, keys: number, ...keysAndArguments: Argument[]): Promise<unknown>;
}

const assembled = new Map<ScriptName, Script>();

/** @param prefix of all keys, with its braces: the script's one key. */
export async function runScript(
  runner: ScriptRunner,
  name: ScriptName,
  prefix: string,
  parameters: readonly Argument[],
): Promise<unknown> {
  const { sha, source } = scriptOf(name);
  try {
    return await runner.evalsha(sha, 1, prefix, ...parameters);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return runner.eval(source, 1, prefix, ...parameters);
  }
}

/** All of it, for where it is sent in full. */
export function sourceOf(name: ScriptName): string {
  return scriptOf(name).source;
}

function scriptOf(name: ScriptName): Script {
  const known = assembled.get(name);
  if (known !== undefined) return known;
  const { shebang, parts, body } = SCRIPTS[name];
  const source = [shebang, ...parts.map((part) => PARTS[part]), body].join('\n');
  const script = { sha: createHash('sha1').update(source).digest('hex'), source };
  assembled.set(name, script);
  return script;
}
