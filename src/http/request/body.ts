/** Reads a request's body: JSON, of a bounded size. */
import type { IncomingMessage } from 'node:http';
import { JobschedError } from '../../errors.ts';
import { checkMediaType } from '../guard/media-type.ts';
import { tooManyBodies, type Allowance } from './body-budget.ts';
import { readJson } from './json.ts';

export interface Body {
  readonly bytes: Buffer;
  readonly value: unknown;
}

/**
 * @param allowance holds what is read; the caller releases it.
 * @param onRead called before the first byte is awaited.
 * @returns null when there is none.
 * @throws JobschedError `unsupported_media_type`, `body_too_large`, `too_many_requests`, `invalid_request`.
 */
export async function readBody(
  request: IncomingMessage,
  mostBytes: number,
  allowance: Allowance,
  onRead?: () => void,
): Promise<Body | null> {
  if (!hasBody(request)) return null;
  checkMediaType(request.headers['content-type']);
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  onRead?.();
  const bytes = await readBytes(request, mostBytes, allowance);
  return bytes.length === 0 ? null : { bytes, value: readJson(bytes) };
}

/** Whether one comes; it may turn out to be empty. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}

function readBytes(request: IncomingMessage, mostBytes: number, allowance: Allowance): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let total = 0;
    const take = (piece: Buffer): void => {
      total += piece.length;
      const refused = total > mostBytes ? tooLarge(mostBytes) : allowance.grow(piece.length) ? null : tooManyBodies();
      if (refused === null) {
        pieces.push(piece);
        return;
      }
      request.off('data', take);
      pieces.length = 0;
      reject(refused);
    };
    request.on('data', take);
    request.on('end', () => resolve(pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces)));
    const lost = (cause?: Error): void =>
      reject(new JobschedError('invalid_request', 'the connection was lost within the body', { cause }));
    request.on('error', lost);
    request.on('close', () => {
      if (!request.readableEnded) lost();
    });
  });
}

/** What is answered to a body of more bytes than are taken. */
export function tooLarge(mostBytes: number): JobschedError {
  return new JobschedError('body_too_large', `the body is larger than ${mostBytes.toLocaleString('en')} bytes`, {
    hint: 'Send fewer jobs in one request.',
  });
}
