import { type DashboardView, seriesKey, type ViewWindow, viewWindows } from '../../src/model/index.ts';
import type { PageSetup } from '../../src/web/pageSetup.ts';
import type { Choice } from './app.tsx';

const windowNames: Readonly<Record<string, string>> = {
  30000: '30 s',
  60000: '1 min',
  300000: '5 min',
  900000: '15 min',
  all: 'all',
};

interface ControlsProps {
  readonly view: DashboardView;
  /** All nodes and series of the window, whatever was chosen. */
  readonly all: DashboardView;
  readonly choice: Choice;
  readonly setup: PageSetup;
  choose(part: Partial<Choice>): void;
}

export function Controls({ view, all, choice, setup, choose }: ControlsProps) {
  const shownKey = view.headline === undefined ? '' : seriesKey(view.headline.series);
  const series = all.series.filter(({ series: { node } }) => choice.node === undefined || node === choice.node);
  return (
    <form class="controls" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
      <Picker
        label="Node"
        value={choice.node ?? ''}
        items={[['', 'all'], ...all.nodes.map(({ node }) => [node, node] as const)]}
        pick={(node) => choose({ node: node === '' ? undefined : node, series: undefined })}
      />
      <Picker
        label="Run or pair"
        value={shownKey}
        items={series.map(({ series: each }) => [
          seriesKey(each),
          all.nodes.length > 1 ? `${each.name} · ${each.node}` : each.name,
        ])}
        pick={(key) => choose({ series: key })}
      />
      <Picker
        label="Baseline"
        value={choice.baseline ?? ''}
        items={[['', 'none'], ...setup.baselines.map(({ name }) => [name, name] as const)]}
        pick={(name) => choose({ baseline: name === '' ? undefined : name })}
      />
      <fieldset class="windows">
        <legend>Window</legend>
        {viewWindows.map((window: ViewWindow) => (
          <label key={window}>
            <input
              type="radio"
              name="window"
              checked={view.range.window === window}
              onChange={() => choose({ window })}
            />
            <span>{windowNames[window]}</span>
          </label>
        ))}
      </fieldset>
      <label class="picker">
        <span>Filter</span>
        <input
          id="filter"
          type="search"
          maxLength={100}
          autocomplete="off"
          spellcheck={false}
          placeholder="name, node or id"
          value={choice.filter}
          onInput={({ currentTarget }) => choose({ filter: currentTarget.value })}
        />
      </label>
    </form>
  );
}

interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly items: readonly (readonly [value: string, name: string])[];
  pick(value: string): void;
}

function Picker({ label, value, items, pick }: PickerProps) {
  return (
    <label class="picker">
      <span>{label}</span>
      <select value={value} disabled={items.length === 0} onChange={({ currentTarget }) => pick(currentTarget.value)}>
        {items.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
