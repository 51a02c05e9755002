/**
 * A process with an executor, to be killed: it starts commands, ever more of them, half of which end by themselves.
 * Arguments: the implementation's name, and what the commands get as MARK.
 */
import { EXECUTORS, PATH, spec } from './harness.ts';

const [name, mark = ''] = process.argv.slice(2);
const executor = EXECUTORS.find((one) => one.name === name)?.create();
if (!executor) throw new Error(`no executor is called ${name}`);

const env = { PATH, MARK: mark };
const sink = { write: () => {} };
const COMMANDS = ['sleep 1000', 'sleep 0.01', '(sleep 1000; true) & sleep 1000 & wait', 'true'];

async function startSome(index: number): Promise<void> {
  const command = COMMANDS[index % COMMANDS.length] ?? 'true';
  await executor?.start(spec(command, { env }), sink).started;
  if (index === 4) process.stdout.write('ready\n');
  if (index < 80) setImmediate(() => void startSome(index + 1));
}

setInterval(() => {}, 60_000);
void startSome(0);
