/** A tab's way to the event stream: through the worker that all tabs share, or its own where there are no such workers. */
import { href } from '../base.ts';
import type { TabMessage } from './shared-worker.ts';
import { LiveStream, type LiveMessage } from './stream.ts';

export interface LiveChannel {
  /** Wants to be told from now on. Again: connects anew if it is not connected. */
  readonly watch: () => void;
  readonly leave: () => void;
}

/** As much of trusted types as is used; not every browser has them. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes;
  }
}

export function openChannel(tell: (message: LiveMessage) => void): LiveChannel {
  const own = new LiveStream(href('api/events'), tell);
  const ownChannel = { watch: () => own.open(), leave: () => own.close() };
  let channel: LiveChannel = ownChannel;
  let watching = false;
  try {
    channel = sharedChannel(tell, () => {
      channel = ownChannel;
      if (watching) channel.watch();
    });
  } catch {
    // Then each tab has a stream of its own.
  }
  return {
    watch: () => {
      watching = true;
      channel.watch();
    },
    leave: () => {
      watching = false;
      channel.leave();
    },
  };
}

/**
 * @param onFailed called when the worker does not start.
 * @throws where the browser has no shared workers.
 */
function sharedChannel(tell: (message: LiveMessage) => void, onFailed: () => void): LiveChannel {
  const worker = new SharedWorker(workerUrl(), { name: 'jobsched live', type: 'module' });
  worker.addEventListener('error', onFailed);
  worker.port.addEventListener('message', ({ data }: MessageEvent<LiveMessage>) => tell(data));
  worker.port.start();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has one end, and takes no origin
  const say = (message: TabMessage): void => worker.port.postMessage(message);
  return { watch: () => say('watch'), leave: () => say('leave') };
}

/** The built index.html names it, since its name has a hash. */
function workerUrl(): string {
  const url = document.querySelector<HTMLLinkElement>('#live-worker')?.href ?? '';
  return window.trustedTypes?.createPolicy('jobsched', { createScriptURL: (own) => own }).createScriptURL(url) ?? url;
}
