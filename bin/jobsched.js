#!/usr/bin/env node
/**
 * The `jobsched` command: checks the Node version, then hands over to the command line.
 *
 * Plain old JavaScript that any Node since 10 can read, as a module and as a script: whoever runs it on an old Node
 * shall be told which one it takes, not shown a syntax error. So: no import statements, no top-level await, nothing new.
 */
const NEEDED = 26;

const { node: version } = process.versions;
if (Number(version.split('.')[0]) >= NEEDED) void start();
else refuse();

/** A checkout has the sources beside this file; the package has what was built from them. Either starts by itself. */
async function start() {
  try {
    await import('../src/cli/start.ts');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.url).endsWith('/src/cli/start.ts')) throw error;
    await import('../dist/jobsched.js');
  }
}

function refuse() {
  const { execPath, platform, arch } = process;
  process.stderr.write(
    `error: jobsched needs Node ${NEEDED} or newer; this is Node ${version} (${execPath})
  In a checkout, npm start brings the right Node along.
  The single binary, jobsched-${platform}-${arch}, needs no Node at all.
`,
  );
  process.exitCode = 1;
}
