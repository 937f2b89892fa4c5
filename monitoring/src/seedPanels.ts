/** A panel that an earlier document asks for, and the panels here that show it. */
export interface SeedPanel {
  /** The dashboard or view as the document names it. */
  readonly seed: string;
  readonly panel: string;
  readonly dashboard: string;
  readonly ids: readonly number[];
}

const overview = 'bitnet-rs Overview';
const comparison = 'Performance Comparison';
const internals = 'Detailed Rust Metrics';

/** Every panel of the documents that this project replaces. None is left out; a wrong query there is a correct one here. */
export const seedPanels: readonly SeedPanel[] = [
  ...of(overview, 'runtime-overview', {
    'Request rate': [3],
    'Request latency': [4],
    'CPU use': [10],
    'Memory use': [11, 12],
    'GPU use': [13, 14],
    'System CPU': [16],
    'System memory': [17],
    'System disk': [18],
    'System network I/O': [19],
    'Service health': [1],
    Uptime: [2, 23],
    'Error rates': [5, 22],
    'Active connections': [6],
    'Real-time system metrics': [16, 17, 18, 19],
  }),
  ...of(comparison, 'performance-comparison', {
    'Throughput, Rust and C++': [1, 2],
    'Latency percentiles comparison': [3, 4],
    'Resource efficiency comparison': [5, 6],
    'Cross-validation test results': [10, 11, 12, 13],
  }),
  ...of(internals, 'runtime-internals', {
    'Allocations and deallocations': [1, 2],
    'SIMD and scalar operations': [4, 5],
    'Thread-pool use': [6],
    'Garbage-collection pauses': [7, 8],
    Panics: [10],
    'Result errors': [11],
  }),
  ...of('System Overview', 'system-overview', {
    Health: [1],
    'Uptime, % and duration': [2, 6],
    'Errors (24 h)': [3],
    'Connections: current, peak, average': [4],
    'Requests/min: current, peak, average': [5],
  }),
  ...of('Venice API', 'venice-api', {
    'Balance over time': [1],
    'Balance: current': [2],
    'Balance: reset in': [3],
    'Balance: burn rate an hour': [4],
    'API latency p50, p95, p99': [5, 10],
    'Tokens today: prompt, completion, total': [6],
    'Cost today': [7],
    'Cost this week': [8],
    'Cost this month': [9],
  }),
  ...of('Session Analytics', 'session-analytics', {
    'Sessions created a day': [1],
    'Sessions created: total': [2],
    'Top models, %': [3],
    'Average duration': [4],
    'Average messages': [5],
    'Average tokens': [6],
    'Active now': [7],
  }),
  ...of('Sidepanel Overview', 'sidepanel-overview', {
    'Active Connections': [1],
    'Request Rate (5m)': [2],
    'Latency Distribution': [3],
    'Venice Balance': [4],
  }),
  ...of('Live dashboard', 'pipeline-latency-power', {
    'Latency and power on two axes': [1],
    'Stat cards of latency: min, avg, p95, p99': [11, 12, 13, 14],
    'Stat cards of power: current, min, avg, max': [15, 16, 17, 18],
    'Scatter of latency and power': [8],
    'Histogram of latency': [7],
  }),
  ...of('Grafana examples of the bench', 'pipeline-latency-power', {
    'Pipeline Latency Over Time': [2],
    'Power Consumption': [3],
    'Dropped Frame Rate (1m)': [4],
  }),
  ...of('pipeline.json', 'pipeline', {
    'Pipeline Latency': [1, 2],
    'Backend Readiness': [3, 4],
    'Compile Outcomes': [5, 6],
    'Verification Blocks': [7, 8],
    'Offline Bundle Size': [9],
  }),
];

function of(seed: string, dashboard: string, panels: Readonly<Record<string, readonly number[]>>): SeedPanel[] {
  return Object.entries(panels).map(([panel, ids]) => ({ seed, panel, dashboard, ids }));
}
