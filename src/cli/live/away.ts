/** A server that is away while something goes on without a screen, and is asked until it is back: what is said of that, once each. */
import { escapeLine } from '../format/escape.ts';
import type { JobschedError } from '../../client/client.ts';

export function awayLine({ message }: JobschedError): string {
  return `${escapeLine(message)} · asking again until it is back\n`;
}

export const BACK_LINE = 'the server is back\n';
