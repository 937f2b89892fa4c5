// The only place that knows the SDK: the twin has another one.
export { Counted, InFlight, Observed, Span, Timed, Traced, Untraced } from '@benchlab-otel/sdk';
