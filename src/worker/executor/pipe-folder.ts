/**
 * The folders that FIFOs are made in (`pipes.ts`). Each is there for some milliseconds. One that stays is of a process that
 * was killed in them; so that it can be told from one in use, its name says which process made it.
 */
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isGone, thisInstance, type Process } from '../../instance.ts';

const PREFIX = 'jobsched-pipes-';
/** Boot, namespace, process id, its start, and what `mkdtemp` adds. */
const NAME = new RegExp(`^${PREFIX}([0-9a-f-]{36})-([0-9]+)-([0-9]+)-([0-9]+)-[A-Za-z0-9]{6}$`);

/** A new folder in `parent`, mode 0700. @throws the system's error when there can be none. */
export function makePipeFolder(parent: string): string {
  return mkdtempSync(join(parent, `${PREFIX}${nameOf(thisProcess())}`));
}

/**
 * Removes what dead processes of this user left in these folders. What cannot be judged stays: of another boot or
 * container, which may live on another machine with the same disk. Never throws.
 */
export function removePipeFoldersOfTheDead(parents: readonly string[]): void {
  const self = thisProcess();
  for (const parent of parents) {
    for (const name of namesIn(parent)) {
      const maker = processOf(name);
      if (maker !== null && isDead(maker, self)) removeOwn(join(parent, name));
    }
  }
}

/**
 * Removes all of them in a folder in which no other process makes any, whoever made them: also those of another boot or
 * container. Never throws.
 */
export function removeAllPipeFolders(owned: string): void {
  for (const name of namesIn(owned)) if (name.startsWith(PREFIX)) removeOwn(join(owned, name));
}

const thisProcess = (): Process => ({ pid: process.pid, instance: thisInstance() });

/** Empty where the system does not say enough. */
function nameOf({ pid, instance: { bootId, pidNamespace, startedTicks } }: Process): string {
  if (bootId === null || pidNamespace === null || startedTicks === null) return '';
  return `${bootId}-${pidNamespace.replaceAll(/[^0-9]/g, '')}-${pid}-${startedTicks}-`;
}

function processOf(name: string): Process | null {
  const [, bootId, namespace, pid, startedTicks] = NAME.exec(name) ?? [];
  if (bootId === undefined) return null;
  const instance = { bootId, pidNamespace: `pid:[${namespace}]`, startedTicks: Number(startedTicks) };
  return { pid: Number(pid), instance };
}

/** Another executor of this very process is none. */
function isDead(maker: Process, self: Process): boolean {
  return nameOf(maker) !== nameOf(self) && isGone(maker, self);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * In a folder that all may write to, a name proves nothing. What is ours nobody else can put something else in place of
 * between the look and the removal: where all may write, the folder is sticky (`/tmp`, `/dev/shm`), elsewhere only we may.
 */
function removeOwn(path: string): void {
  try {
    const stat = lstatSync(path);
    if (stat.isDirectory() && stat.uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
  } catch {
    // Gone already, or not ours to remove.
  }
}
