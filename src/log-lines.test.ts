import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/support/folder.ts';

const MODULE = fileURLToPath(new URL('./log-lines.ts', import.meta.url));

/** Runs the body in a process whose standard output is `out`. @returns what it said on its standard error. */
async function inProcess(body: string, out: number): Promise<string> {
  const code = `import { LogLines } from ${JSON.stringify(MODULE)}; const lines = new LogLines(1); ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', out, 'pipe'] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  return said;
}

it('writes lines whole and in order, and those of a process that ends at once', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'log');
  const fd = openSync(file, 'w');
  const body = `process.once('exit', () => lines.flush());
    for (let n = 0; n < 1000; n += 1) lines.write(n + '\\n'); process.exit(0);`;
  expect(await inProcess(body, fd)).toBe('');
  closeSync(fd);
  const written = readFileSync(file, 'utf8').split('\n').slice(0, -1).map(Number);
  expect(written).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});

it('writes the lines of a turn in one piece, and after it those that came meanwhile, also when it ends then', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'log');
  const fd = openSync(file, 'w');
  const body = `process.once('exit', () => lines.flush());
    lines.write('a\\n'); lines.write('b\\n');
    setImmediate(() => setImmediate(() => { lines.write('c\\n'); process.exit(0); }));`;
  expect(await inProcess(body, fd)).toBe('');
  closeSync(fd);
  // What was being written when it ended may stand there twice: once from the thread, once from the end.
  expect(readFileSync(file, 'utf8')).toMatch(/^(?:a\nb\n){1,2}c\n(?:a\nb\n)?$/);
});

it('writes into a file where the others who have it open go on', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'log');
  const fd = openSync(file, 'w');
  writeSync(fd, 'before\n');
  await inProcess(`process.once('exit', () => lines.flush()); lines.write('line\\n');`, fd);
  writeSync(fd, 'after\n');
  closeSync(fd);
  expect(readFileSync(file, 'utf8')).toBe('before\nline\nafter\n');
});

it('goes on when the disk is full, and ends', async () => {
  const full = openSync('/dev/full', 'w');
  const body = `for (let n = 0; n < 1000; n += 1) lines.write('x\\n');
    setTimeout(() => console.error('alive'), 50);`;
  expect(await inProcess(body, full)).toBe('alive\n');
  closeSync(full);
});

/** Runs the body with a pipe as its standard output that nobody ever reads. */
async function unread(body: string): Promise<string> {
  await using folder = await temporaryFolder();
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // Open for reading as well, so that it can be opened for writing.
  const fd = openSync(pipe, 'r+');
  const said = await inProcess(body, fd);
  closeSync(fd);
  return said;
}

it('does not wait for a reader that sleeps, and keeps a bounded amount for it', async () => {
  const body = `for (let n = 0; n < 100_000; n += 1) lines.write('x'.repeat(99) + '\\n');
    process.once('exit', () => lines.flush());
    setTimeout(() => { console.error(process.memoryUsage().rss < 300e6 ? 'alive' : 'grown'); process.exit(0) }, 50);`;
  expect(await unread(body)).toBe('alive\n');
});

it('ends with its process, also while a reader sleeps', async () => {
  const body = `for (let n = 0; n < 3_000; n += 1) lines.write('x'.repeat(99) + '\\n');
    process.once('exit', () => lines.flush());`;
  expect(await unread(body)).toBe('');
});

it('tells how many lines it had to drop', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'log');
  writeFileSync(file, '');
  const fd = openSync(file, 'a');
  await inProcess(`for (let n = 0; n < 20_000; n += 1) lines.write('x'.repeat(99) + '\\n');`, fd);
  closeSync(fd);
  expect(readFileSync(file, 'utf8')).toMatch(/"msg":"\d+ log lines could not be written"/);
});
