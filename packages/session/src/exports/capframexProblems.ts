/** The columns without which CapFrameX lists a file as "Unknown", without a date. */
const validity = ['Application', 'Dropped', 'TimeInSeconds', 'MsBetweenPresents', 'MsBetweenDisplayChange'];
/** A record is valid with more lines than these: without comments, and in all. */
const [leastRows, leastLines] = [20, 40];

/**
 * What would keep CapFrameX from importing a CSV file, or hide a part of it: its rules of import, one after the other. Source:
 * CXWorld/CapFrameX, source/CapFrameX.Data/RecordManager.cs and FileRecordInfo.cs (commit 3ba66ff5). Empty: it imports.
 */
export function capframexProblems(csv: string): readonly string[] {
  const lines = csv.split('\n').filter((line) => line !== '');
  const comments = lines.filter((line) => line.startsWith('//'));
  const [header = '', ...rows] = lines.slice(comments.length);
  const columns = header.split(',');
  // In any case of letters: PresentMon 1 writes msBetweenPresents.
  const lower = columns.map((column) => column.toLowerCase());
  const missing = validity.filter((column) => !lower.includes(column.toLowerCase()));
  const chain = columns.indexOf('SwapChainAddress');
  const application = columns.indexOf('Application');
  return [
    ...commentProblems(comments),
    ...(header.startsWith('Application') || header.includes('frametime')
      ? []
      : ['the header neither begins with Application nor has a column frametime: the columns are taken for others']),
    ...(missing.length === 0 ? [] : [`the record has no name and no date: without ${missing.join(', ')}`]),
    ...(rows.some((row) => row.split(',').length !== columns.length) ? ['a row has another number of columns'] : []),
    ...(rows.some((row) => row.includes('"')) ? ['a quote in a row'] : []),
    ...(new Set(rows.map((row) => row.split(',')[application])).size > 1 ? ['more than one application'] : []),
    ...(chain >= 0 && new Set(rows.map((row) => row.split(',')[chain])).size > 1
      ? ['more than one swap chain: the frames of all but one are left out']
      : []),
    ...(rows.length >= leastRows && lines.length > leastLines
      ? []
      : [
          `${rows.length} frames are too few: CapFrameX lists the record without a name and a date below ${leastLines + 1} lines`,
        ]),
  ];
}

function commentProblems(comments: readonly string[]): readonly string[] {
  const keys = comments.map((line) => line.slice(2).split('=')[0] ?? '');
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  const cut = comments.find((line) => line.split('=').length > 2);
  return [
    ...(twice === undefined ? [] : [`the comment ${twice} stands twice: the file is not listed`]),
    ...(cut === undefined ? [] : [`the comment ${cut.slice(2).split('=')[0]} is cut at its second =`]),
  ];
}
