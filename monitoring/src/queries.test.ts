import { expect, test } from 'vitest';
import { dashboards } from './dashboards.ts';
import { panelsOf, queriesOf } from './lint.ts';
import { type NamedQuery, namedQueries } from './queries.ts';

const queries = namedQueries();
const at = ({ dashboard, place, refId }: NamedQuery) => `${dashboard} ${JSON.stringify(place)} ${refId}`;

test('the queries of the panels are those of the JSON, in its order', () => {
  for (const [name, build] of Object.entries(dashboards)) {
    const rendered = panelsOf(build()).flatMap((panel) => queriesOf(panel).map(({ expr }) => `${panel.id} ${expr}`));
    const listed = queries.flatMap(({ dashboard, place, expr }) =>
      dashboard === name && 'panel' in place ? [`${place.panel} ${expr}`] : [],
    );

    expect(listed).toEqual(rendered);
  }
});

test('every query variable and every annotation with a query is listed', () => {
  for (const [name, build] of Object.entries(dashboards)) {
    const { annotations, templating } = build();
    const wanted = [
      ...(templating?.list ?? []).filter(({ type }) => type === 'query').map((variable) => variable.name),
      ...(annotations?.list ?? []).filter(({ expr }) => expr !== undefined).map((annotation) => annotation.name),
    ];
    const listed = queries.flatMap(({ dashboard, place }) =>
      dashboard !== name || 'panel' in place ? [] : ['variable' in place ? place.variable : place.annotation],
    );

    expect(listed).toEqual(wanted);
  }
});

test('a legend names only labels that the query returns', () => {
  for (const [name, build] of Object.entries(dashboards)) {
    for (const panel of panelsOf(build())) {
      for (const { legendFormat = '', refId } of queriesOf(panel)) {
        const query = queries.find(
          ({ dashboard, place, refId: id }) =>
            dashboard === name && 'panel' in place && place.panel === panel.id && id === refId,
        );
        const used = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);

        expect(query?.returns.labels, `${name} ${panel.title}`).toEqual(expect.arrayContaining(used));
      }
    }
  }
});

test('a query that is executed declares a series at least: from 0 on, a query that finds nothing would pass', () => {
  const none = queries.filter(({ language, returns: { series } }) => {
    return language === 'promql' && (typeof series === 'number' ? series : series.min) < 1;
  });

  expect(none.map(at)).toEqual([]);
});

test('a chosen value matches whole names: B1 is not B10', () => {
  expect(queries.filter(({ expr }) => /\$\{?\w+\}?\)?\.[*+]/.test(expr)).map(at)).toEqual([]);
});

test('the range of a shape is a range', () => {
  for (const query of queries) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, series } = query.returns;

    expect(min, at(query)).toBeLessThanOrEqual(max);
    if (typeof series !== 'number') expect(series.min, at(query)).toBeLessThanOrEqual(series.max);
  }
});
