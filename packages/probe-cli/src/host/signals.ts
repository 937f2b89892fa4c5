/** The signals that end a command. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type EndSignal = (typeof endSignals)[number];

/** The signals that ask a service to read its configuration, or to look at devices that it has left alone. */
const reloadSignals = ['SIGHUP', 'SIGUSR2'] as const;

export type ReloadSignal = (typeof reloadSignals)[number];

/** Signals that this process receives. While one listener is there, they do not end the process. */
export interface Signals {
  /** Calls `listener` at each of the signals, all that end a command unless named, until the returned function is called. */
  listen(listener: (signal: EndSignal) => void, signals?: readonly EndSignal[]): () => void;
  /** The same for the signals that ask a service for something. */
  onReload(listener: (signal: ReloadSignal) => void, signals?: readonly ReloadSignal[]): () => void;
}

export const processSignals: Signals = {
  listen: (listener, signals = endSignals) => onEach(signals, listener),
  onReload: (listener, signals = reloadSignals) => onEach(signals, listener),
};

function onEach<Signal extends NodeJS.Signals>(
  signals: readonly Signal[],
  listener: (signal: Signal) => void,
): () => void {
  for (const signal of signals) process.on(signal, listener as NodeJS.SignalsListener);
  return () => {
    for (const signal of signals) process.off(signal, listener as NodeJS.SignalsListener);
  };
}
