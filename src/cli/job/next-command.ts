/** What a newcomer can paste to see it work. */
import type { Machine } from '../../config/machine.ts';
import { thisProgram } from '../help/called-as.ts';

/** A first job for the server at this address. */
export function firstSubmit(url: string, machine: Machine): string {
  const server = new URL(url).port === '8080' ? '' : ` --server ${url}`;
  return `${thisProgram(machine)} submit${server} --follow -- echo hello`;
}
