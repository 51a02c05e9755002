/** The real program as `standalone`, started as its user would, in a process of its own. */
import { startDaemonProcess, type DaemonProcess } from './daemon-process.ts';

export interface StandaloneOptions {
  /** Its `--data-dir`. */
  readonly folder: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What to run instead of `node bin/jobsched.js`: the single binary. */
  readonly program?: readonly [string, ...string[]];
}

export type Standalone = DaemonProcess;

/** Resolves when it serves. @throws Error with all that it printed when it ended before. */
export function startStandalone({ flags = [], ...options }: StandaloneOptions): Promise<Standalone> {
  return startDaemonProcess({
    ...options,
    args: ['standalone', '--port', '0', '--data-dir', options.folder, ...flags],
  });
}
