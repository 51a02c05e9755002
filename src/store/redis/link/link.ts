/** What the store asks of its connection; `connection.ts` makes one. Every method throws `JobschedError` when Redis is away. */
import type { Argument, ScriptName } from './scripts.ts';

/** How often what lies in several keys is read anew, when a write came in between. */
export const MOST_TRIES = 5;

export type Command = readonly [name: string, ...parameters: Argument[]];

export interface RedisLink {
  /** Of all keys, with its hash tag: `{js}:`. */
  readonly prefix: string;
  /** Redis's clock in ms; a test's, when there is one. */
  now(): Promise<number>;
  /** Runs a script: puts the prefix and the time in front of the arguments. Text comes as strings. */
  run(script: ScriptName, ...parameters: readonly Argument[]): Promise<unknown>;
  /** Sends commands in one round trip, for reading. Replies in their order, text as strings. */
  read(commands: readonly Command[]): Promise<unknown[]>;
  /** The same with text as buffers. */
  readBytes(commands: readonly Command[]): Promise<unknown[]>;
}
