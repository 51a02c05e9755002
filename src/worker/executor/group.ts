/** Whole process groups: signals to them. */

/** @returns false when no process of the group is left; one that has ended and is not reaped counts. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: somebody is there, but not ours to signal.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** TERM, and CONT after it: a process that was stopped could not act on it. */
export function askGroupToEnd(group: number): void {
  signalGroup(group, 'SIGTERM');
  signalGroup(group, 'SIGCONT');
}
