import { renderMarkdown } from '@grafana/data';
import type { ReactElement } from 'react';
import { type KindProps, option } from './kind.ts';

/** Grafana's own rendering of Markdown. */
export function TextKind({ panel }: KindProps): ReactElement {
  const html = renderMarkdown(option(panel, 'content', ''));
  // biome-ignore lint/security/noDangerouslySetInnerHtml: renderMarkdown has removed what could run
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}
