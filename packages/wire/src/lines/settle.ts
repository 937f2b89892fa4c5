/** Waits until the event loop has looked at every handle once: what has arrived by now was delivered. */
export async function settle(): Promise<void> {
  // The first turn may be the end of a round that looked before.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
