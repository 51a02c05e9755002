/** The same transport for calls that one signal ends. */
import type { Call, Transport } from './transport.ts';

export function boundTo(transport: Transport, signal: AbortSignal): Transport {
  const bound = (call: Call): Call => ({
    ...call,
    signal: call.signal === undefined ? signal : AbortSignal.any([call.signal, signal]),
  });
  return {
    ...transport,
    json: (call) => transport.json(bound(call)),
    text: (call) => transport.text(bound(call)),
    stream: (call, silenceMs) => transport.stream(bound(call), silenceMs),
  };
}
