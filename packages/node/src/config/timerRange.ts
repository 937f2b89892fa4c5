/** The longest delay of a Node timer, ms. Source: Node.js documentation, setTimeout(): a longer one becomes 1 ms. */
export const longestTimerMs: number = 2 ** 31 - 1;
