'use strict';

/** Reports each instrument for which two views make a metric of one name: the SDK then applies the first alone. */
exports.watchViews = function watchViews(provider, report) {
  // Fields of MeterProvider of @opentelemetry/sdk-metrics 1 to 3, which are not public.
  const registry = provider?._sharedState?.viewRegistry;
  if (typeof registry?.findViews !== 'function') {
    report({ kind: 'views-unknown' });
    return;
  }
  const { findViews } = registry;
  registry.findViews = function (instrument, ...more) {
    const views = findViews.call(this, instrument, ...more);
    try {
      for (const [metric, count] of counted(views.map((view) => view.name ?? instrument.name))) {
        if (count > 1)
          report({ kind: 'view-collision', instrument: String(instrument.name), metric: String(metric), views: count });
      }
    } catch {
      // A list of another form.
    }
    return views;
  };
};

function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
