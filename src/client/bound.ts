/** The same transport for calls that one signal ends. */
import type { Call, Transport } from './transport.ts';

export function boundTo(transport: Transport, signal: AbortSignal): Transport {
  const either = (own: AbortSignal | undefined): AbortSignal =>
    own === undefined ? signal : AbortSignal.any([own, signal]);
  const bound = (call: Call): Call => ({ ...call, signal: either(call.signal) });
  return {
    ...transport,
    json: (call) => transport.json(bound(call)),
    text: (call) => transport.text(bound(call)),
    stream: (call, silenceMs) => transport.stream(bound(call), silenceMs),
    pause: (ms, own) => transport.pause(ms, either(own)),
  };
}
