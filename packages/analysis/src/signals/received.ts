/** How much of everything arrived. */
export interface Received {
  /** Requests that were taken. */
  readonly requests: number;
  /** Requests that were refused: malformed, too large, of an unknown kind. */
  readonly refusedRequests: number;
  /** Refused requests that may have had spans in them. */
  readonly refusedSpanRequests: number;
  /** Refused requests that came by way of a browser or were sent to the name of another host. */
  readonly foreignRequests: number;
  /** Requests of senders that are not part of the run. Nothing of them was read. */
  readonly strangerRequests: number;
  /** Spans that are kept. */
  readonly spans: number;
  /** Spans beyond the bound: counted, not kept. */
  readonly droppedSpans: number;
  /** Spans without an id or a usable time. */
  readonly invalidSpans: number;
  /** Spans that were there already: an exporter that got no answer in time sends its request again. */
  readonly repeatedSpans: number;
  /** Metrics in all requests, dropped ones included. */
  readonly metrics: number;
  /** Data points of metrics that were kept, and dropped when newer ones needed their place. */
  readonly droppedMetricPoints: number;
  /** Data points without a usable time or value. */
  readonly invalidMetricPoints: number;
  /** Log records in all requests, dropped ones included. */
  readonly logRecords: number;
  /** Log records that were kept, and dropped when newer ones needed their place. */
  readonly droppedLogRecords: number;
}
