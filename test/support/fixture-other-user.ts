/**
 * As the user nobody: asks a URL and prints the status and the body's code; or, given a second word, listens on a port of
 * 127.0.0.1, prints it, and passes on to that URL's port what connects there, as `ssh -L` does.
 */
import { createConnection, createServer, type AddressInfo } from 'node:net';

const [, , url = '', forwards, user = '65534'] = process.argv;
process.setgroups?.([]);
process.setgid?.(Number(user));
process.setuid?.(Number(user));

if (forwards === undefined) {
  const response = await fetch(url);
  const { code = '' } = (await response.json()) as { readonly code?: string };
  console.log(`${response.status} ${code}`.trim());
} else {
  const { hostname, port } = new URL(url);
  const server = createServer((client) => {
    const onward = createConnection(Number(port), hostname);
    for (const socket of [client, onward]) socket.on('error', () => undefined);
    client.pipe(onward).pipe(client);
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}
