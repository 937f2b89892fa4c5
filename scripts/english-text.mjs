// Takes the text for people out of a file: comments and strings of programs, and all of every other file. Positions stay:
// what is not text becomes spaces, so line numbers are those of the file.

/** JavaScript or TypeScript: its comments, its strings, and its templates without what they insert. */
export function textOfProgram(source) {
  const shown = [];
  /** Braces that are open in each template insertion, from the outermost one to the innermost one. */
  const insertions = [];
  let state = 'code';
  let quote = '';
  /** The last token of code, by which a `/` is a division or starts a regular expression. */
  let last = '';
  for (let index = 0; index < source.length; index++) {
    const char = source[index];
    const two = source.slice(index, index + 2);
    if (state === 'code') {
      const word = /^[\w$]+/.exec(source.slice(index, index + 40))?.[0];
      if (two === '//' || two === '/*') {
        state = two;
        show('  ');
        index++;
      } else if (char === "'" || char === '"' || char === '`') {
        state = 'string';
        quote = char;
        show(' ');
      } else if (char === '/' && startsRegExp(last)) {
        const end = endOfRegExp(source, index);
        hide(source.slice(index, end));
        last = ')';
        index = end - 1;
      } else if (word) {
        hide(word);
        last = word;
        index += word.length - 1;
      } else {
        if (insertions.length > 0 && char === '{') insertions[insertions.length - 1]++;
        if (insertions.length > 0 && char === '}' && insertions[insertions.length - 1]-- === 0) {
          insertions.pop();
          state = 'string';
          quote = '`';
        }
        if (char.trim() !== '') last = char;
        hide(char);
      }
    } else if (state === 'string') {
      if (char === '\\') {
        // An escaped line break is a space between words, as every other escape.
        show(source[index + 1] === '\n' ? ' \n' : '  ');
        index++;
      } else if (char === quote || (char === '\n' && quote !== '`')) {
        state = 'code';
        last = ')';
        show(char === '\n' ? '\n' : ' ');
      } else if (quote === '`' && two === '$' + '{') {
        insertions.push(0);
        state = 'code';
        last = '{';
        show('  ');
        index++;
      } else show(char);
    } else if (state === '//' && char === '\n') {
      state = 'code';
      show('\n');
    } else if (state === '/*' && two === '*/') {
      state = 'code';
      show('  ');
      index++;
    } else show(char);
  }
  if (state === 'string' || state === '/*' || insertions.length > 0) {
    throw new Error('The text could not be taken out: a string, a template or a comment does not end.');
  }
  return shown.join('');

  function show(text) {
    shown.push(text);
  }
  function hide(text) {
    shown.push(text.replace(/[^\n]/g, ' '));
  }
}

function startsRegExp(last) {
  if (/^\w/.test(last)) return /^(return|typeof|case|in|of|do|else|void|delete|await|yield|throw|new)$/.test(last);
  return last !== ')' && last !== ']' && last !== '}';
}

function endOfRegExp(source, start) {
  let inClass = false;
  for (let index = start + 1; index < source.length; index++) {
    const char = source[index];
    if (char === '\n') return start + 1; // not a regular expression
    if (char === '\\') index++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return index + 1;
  }
  return source.length;
}
