/** Single keys, as a full-screen program gets them: at once and unseen. */

export interface Keys {
  /** Hands the keyboard back to lines. */
  stop(): void;
}

/** Does nothing where standard input is no terminal: then there are signals. @param take is given each key. */
export function takeKeys(take: (key: string) => void): Keys {
  const { stdin } = process;
  if (!stdin.isTTY) return { stop: () => undefined };
  const onData = (bytes: Buffer): void => {
    for (const key of bytes.toString()) take(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  return {
    stop: () => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
