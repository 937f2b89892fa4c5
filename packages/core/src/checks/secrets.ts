/** Names of texts that must not leave the process. `tokens: 512` is a count. */
export const secretName: RegExp =
  /pass(word|wd|phrase|code)|secret|token|credential|authorization|cookie|cvv|(api|private|access).?key|session.?id/i;

/** HTTP credentials, JSON web tokens, private keys, keys of well-known services, passwords in addresses. */
export const secretText: RegExp =
  /^(bearer|basic) \S|\beyJ[\w-]+\.eyJ|-----BEGIN|\b[sr]k[-_]\w{16}|\bgh[a-z]_\w{20}|\bxox[a-z]-|\bAKIA\w{16}|:\/\/[^/\s:@]*:[^/\s@]+@/i;

/**
 * The same within a longer text, as the output of a program: a match is the credential with its name, and no more of the
 * text. Certificates stay; private keys do not. They are apart because V8 finds each of them in half of the time that it takes for
 * one pattern of all.
 */
export const secretParts: readonly RegExp[] = [
  // A header to the end of its line; another name with its value, in quotes or to the next space.
  new RegExp(
    [
      String.raw`(?:authorization|cookie)["']?[ \t]{0,3}[:=][^\r\n]{1,15000}`,
      String.raw`(?:pass(?:word|wd|phrase|code)|secret|token|credential|(?:api|private|access)[-_ ]?key|session[-_]?id)["']?[ \t]{0,3}[:=][ \t]{0,3}(?:"[^"\r\n]{1,15000}"|'[^'\r\n]{1,15000}'|[^\s"',;]{4,15000})`,
      String.raw`\b(?:bearer|basic)[ \t]{1,3}(?=[\w.~+/-]{0,15000}[\d=])[\w.~+/-]{8,15000}=*`,
    ].join('|'),
    'i',
  ),
  /\b(?:eyJ[\w-]{1,15000}\.eyJ[\w-]{1,15000}(?:\.[\w-]{0,15000})?|[sr]k[-_][\w-]{16,256}|gh[a-z]_\w{20,256}|github_pat_\w{20,256}|glpat-[\w-]{16,256}|xox[a-z]-[\w-]{8,256}|AKIA\w{16})/,
  /-----BEGIN[^-\r\n]{0,60}PRIVATE KEY-----(?:(?!-----END)[\s\S]){0,15000}(?:-----END[^-\r\n]{0,60}-----)?|:\/\/[^/\s:@]{0,256}:[^/\s@]{1,1024}@/,
];
