/** Commands that go to Redis together, and their replies in one form. */
import type { Redis } from './client.ts';
import type { Command } from './link.ts';

/** @param how `callBuffer` for text as buffers. @throws the first error among the replies. */
export async function sendAll(
  client: Redis,
  commands: readonly Command[],
  how: 'call' | 'callBuffer',
): Promise<unknown[]> {
  const pipeline = client.pipeline();
  for (const [name, ...parameters] of commands) pipeline[how](name, ...parameters);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply], index) => {
    if (error !== null) throw error;
    return withScores(commands[index]) ? pairs(reply) : reply;
  });
}

/** RESP3 nests members and scores, where RESP2 has them in one row. */
function pairs(reply: unknown): unknown {
  return Array.isArray(reply) ? reply.flat() : reply;
}

function withScores(command: Command | undefined): boolean {
  return command?.includes('WITHSCORES') ?? false;
}
