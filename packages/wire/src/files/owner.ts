/** Neither this user nor root, whom every user trusts anyway. False where there are no user ids. */
export function isStranger(uid: number, own: number | undefined = process.getuid?.()): boolean {
  return own !== undefined && uid !== own && uid !== 0;
}
