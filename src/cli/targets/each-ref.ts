/** What is done to several things that were named: each for itself, so that one that is not there stops no other. */
import { formatData, isData, selected } from '../print/data.ts';
import { EXIT } from '../exit-code.ts';
import { checkFields } from '../options/fields.ts';
import { explained } from '../help/explain.ts';
import { toFailure } from '../help/failure.ts';
import { idLine } from '../print/id-line.ts';
import { json } from '../print/json.ts';
import type { Session } from '../session.ts';
import { write } from '../print/terminal.ts';
import { JobschedError, type ErrorCode } from '../../client/client.ts';

export interface Each<Value> {
  readonly ask: (ref: string) => Promise<Value>;
  /** What a person is told of it, with its last line feed. */
  readonly words: (value: Value) => Promise<string> | string;
  /** What `-o id` lists. Default: itself. */
  readonly ids?: (value: Value) => readonly { readonly id: string }[];
  /** What one that was found exits with. Default: 0. */
  readonly exitCode?: (value: Value) => number;
}

/** @returns the exit code of all: theirs if those that are not 0 agree, else 1. */
export async function eachRef<Value extends object>(
  session: Session,
  refs: readonly string[],
  { ask, words, ids, exitCode = () => EXIT.ok }: Each<Value>,
): Promise<number> {
  const { format, fields, out, err } = session;
  const isList = refs.length > 1 && (format === 'json' || format === 'yaml');
  const found: object[] = [];
  const codes: number[] = [];
  for (const ref of refs) {
    try {
      const value = await ask(ref);
      codes.push(exitCode(value));
      if (isList) {
        if (fields !== null) checkFields(value, fields);
        found.push(value);
      } else if (format === 'id' && ids !== undefined) await write(out, ids(value).map(idLine).join(''));
      else await write(out, isData(format) ? await formatData(value, format, fields) : await words(value));
    } catch (error) {
      if (refs.length === 1 || !(error instanceof JobschedError) || OF_ALL.has(error.code)) throw error;
      const failure = toFailure(await explained(error, session));
      codes.push(failure.exitCode);
      err.write(failure.text);
    }
  }
  if (isList) {
    await write(out, format === 'json' ? json(selected(found, fields)) : await formatData(found, format, fields));
  }
  return together(codes);
}

/** What no other thing would be asked better for. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['server_unreachable', 'unauthorized']);

/** Exit codes as one. */
export function together(codes: readonly number[]): number {
  const [first = EXIT.ok, ...others] = new Set(codes.filter((code) => code !== EXIT.ok));
  return others.length === 0 ? first : EXIT.failure;
}
