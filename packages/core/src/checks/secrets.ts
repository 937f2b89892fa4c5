/** Names of texts that must not leave the process. `tokens: 512` is a count. */
export const secretName: RegExp =
  /pass(word|wd|phrase|code)|secret|token|credential|authorization|cookie|cvv|(api|private|access).?key|session.?id/i;

/** HTTP credentials, JSON web tokens, private keys, keys of well-known services, passwords in addresses. */
export const secretText: RegExp =
  /^(bearer|basic) \S|\beyJ[\w-]+\.eyJ|-----BEGIN|\b[sr]k[-_]\w{16}|\bgh[a-z]_\w{20}|\bxox[a-z]-|\bAKIA\w{16}|:\/\/[^/\s:@]*:[^/\s@]+@/i;
