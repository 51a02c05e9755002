/** Bytes of one stream, in pieces cut anywhere, to text that can be sent to a terminal. */
import { escapeText } from './escape.ts';

export interface TerminalText {
  /** @returns what can be shown by now: a character, or a line end of two, may still lack its other half. */
  add(bytes: Uint8Array): string;
  /** @returns what was still held back; nothing follows it. */
  flush(): string;
}

export function createTerminalText(): TerminalText {
  const decoder = new TextDecoder();
  let held = '';
  return {
    add: (bytes) => {
      const text = held + decoder.decode(bytes, { stream: true });
      held = text.endsWith('\r') ? '\r' : '';
      return escapeText(text.slice(0, text.length - held.length));
    },
    flush: () => {
      const rest = held + decoder.decode();
      held = '';
      return escapeText(rest);
    },
  };
}
