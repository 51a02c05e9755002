import { expect, test } from 'vitest';
import { findServer } from './client.ts';
import { thisMachine } from './machine.ts';

const asked = (flag: string | undefined, variable?: string): Promise<string> =>
  findServer({ server: flag }, { ...thisMachine(), env: { JOBSCHED_SERVER: variable } }).then(({ url }) => url.href);

test.each([
  ['http://localhost:9000', 'http://localhost:9000/'],
  ['https://jobs.example/base/', 'https://jobs.example/base/'],
  ['localhost:18444', 'http://localhost:18444/'],
  ['jobs.example', 'http://jobs.example/'],
  ['127.0.0.1:9000/base', 'http://127.0.0.1:9000/base'],
  ['[::1]:9000', 'http://[::1]:9000/'],
])('%s is %s, as a flag and as a variable', async (text, url) => {
  expect(await asked(text)).toBe(url);
  expect(await asked(undefined, text)).toBe(url);
});

test.each(['ftp://localhost', 'no server', ':9000', '/path', 'localhost:port', '//localhost'])(
  '%j is the address of no server',
  async (text) => {
    await expect(asked(text)).rejects.toMatchObject({ code: 'invalid_config', field: '--server' });
  },
);
