// Pictures and reports of what a dashboard shows. No file below it needs Node, so that a page can make them too.

export { pictureSize, pictureSvg } from './pictureSvg.ts';
export { reportHtml } from './reportHtml.ts';
export { type Snapshot, snapshotOf } from './snapshot.ts';
