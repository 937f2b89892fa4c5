/** The signals that end a command. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type EndSignal = (typeof endSignals)[number];

/** Signals that this process receives. While one listener is there, they do not end the process. */
export interface Signals {
  /** Calls `listener` at each signal until the returned function is called. */
  listen(listener: (signal: EndSignal) => void): () => void;
  /** The same for SIGUSR2, which asks a service to look again at what it has left alone. */
  onReload(listener: () => void): () => void;
}

export const processSignals: Signals = {
  listen(listener) {
    for (const signal of endSignals) process.on(signal, listener);
    return () => {
      for (const signal of endSignals) process.off(signal, listener);
    };
  },
  onReload(listener) {
    process.on('SIGUSR2', listener);
    return () => process.off('SIGUSR2', listener);
  },
};
