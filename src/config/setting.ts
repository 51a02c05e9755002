/**
 * What a setting is, and how it is spelt: `dataDir` is the flag `--data-dir`, the variable `JOBSCHED_DATA_DIR` and the key
 * `data_dir` in files.
 */
import type { z } from 'zod';
import type { Machine } from './machine.ts';

export interface Setting<Value> {
  readonly schema: z.ZodType<Value>;
  /** What holds when nobody says anything. */
  readonly fallback: (machine: Machine) => Value;
  /** One or two sentences, with unit and range. */
  readonly help: string;
  /** What stands for the value in help; null for a switch, which is on when it is named. */
  readonly placeholder: string | null;
  /** The default in words, where it depends on the machine or is none. */
  readonly fallbackWords?: string;
  /** Nobody but this process shall see it: its variable also has a form with `_FILE`, which names a file that holds it. */
  readonly secret?: true;
  /** The names of settings that mean something else than this one, so that giving both is a mistake. */
  readonly excludes?: readonly string[];
}

export const setting = <Value>(all: Setting<Value>): Setting<Value> => all;

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const flagOf = (name: string): string => `--${dashed(name)}`;
export const variableOf = (name: string): string => `JOBSCHED_${dashed(name).replaceAll('-', '_').toUpperCase()}`;
export const keyOf = (name: string): string => dashed(name).replaceAll('-', '_');
