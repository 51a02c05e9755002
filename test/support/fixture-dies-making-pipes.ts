/** For `node --import`: the process dies of KILL when it has made pipes and is about to remove the folder of their names. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { rmSync } = fs;
fs.rmSync = (path, options) => {
  if (String(path).includes('jobsched-pipes-')) process.kill(process.pid, 'SIGKILL');
  rmSync(path, options);
};
syncBuiltinESMExports();
