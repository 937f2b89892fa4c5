/**
 * The functions of NVML that are used, and what they take: nvml.h of NVML API 13. Devices are opaque pointers, and go as
 * 64-bit integers. Values come back through typed arrays, because a JavaScript number beyond 2^53 loses digits.
 */
export const nvmlPrototypes = {
  nvmlInit_v2: '',
  nvmlShutdown: '',
  nvmlSystemGetDriverVersion: '_Out_ uint8_t *text, uint32_t length',
  nvmlSystemGetNVMLVersion: '_Out_ uint8_t *text, uint32_t length',
  nvmlDeviceGetCount_v2: '_Out_ uint32_t *count',
  nvmlDeviceGetHandleByIndex_v2: 'uint32_t index, _Out_ uint64_t *device',
  nvmlDeviceGetName: 'uint64_t device, _Out_ uint8_t *text, uint32_t length',
  nvmlDeviceGetUUID: 'uint64_t device, _Out_ uint8_t *text, uint32_t length',
  nvmlDeviceGetSerial: 'uint64_t device, _Out_ uint8_t *text, uint32_t length',
  nvmlDeviceGetVbiosVersion: 'uint64_t device, _Out_ uint8_t *text, uint32_t length',
  nvmlDeviceGetPciInfo_v3: 'uint64_t device, _Out_ uint8_t *info',
  nvmlDeviceGetCudaComputeCapability: 'uint64_t device, _Out_ uint32_t *major, _Out_ uint32_t *minor',
  nvmlDeviceGetUtilizationRates: 'uint64_t device, _Out_ uint32_t *rates',
  nvmlDeviceGetMemoryInfo_v2: 'uint64_t device, _Inout_ uint8_t *info',
  nvmlDeviceGetMemoryInfo: 'uint64_t device, _Out_ uint64_t *info',
  nvmlDeviceGetPowerUsage: 'uint64_t device, _Out_ uint32_t *milliwatts',
  nvmlDeviceGetTotalEnergyConsumption: 'uint64_t device, _Out_ uint64_t *millijoules',
  nvmlDeviceGetEnforcedPowerLimit: 'uint64_t device, _Out_ uint32_t *milliwatts',
  nvmlDeviceGetPowerManagementLimit: 'uint64_t device, _Out_ uint32_t *milliwatts',
  nvmlDeviceGetTemperatureV: 'uint64_t device, _Inout_ uint8_t *temperature',
  nvmlDeviceGetTemperature: 'uint64_t device, uint32_t sensor, _Out_ uint32_t *celsius',
  nvmlDeviceGetTemperatureThreshold: 'uint64_t device, uint32_t type, _Out_ uint32_t *celsius',
  nvmlDeviceGetClockInfo: 'uint64_t device, uint32_t type, _Out_ uint32_t *megahertz',
  nvmlDeviceGetMaxClockInfo: 'uint64_t device, uint32_t type, _Out_ uint32_t *megahertz',
  nvmlDeviceGetCurrentClocksEventReasons: 'uint64_t device, _Out_ uint64_t *reasons',
  nvmlDeviceGetCurrentClocksThrottleReasons: 'uint64_t device, _Out_ uint64_t *reasons',
  nvmlDeviceGetPerformanceState: 'uint64_t device, _Out_ uint32_t *state',
  nvmlDeviceGetPcieThroughput: 'uint64_t device, uint32_t counter, _Out_ uint32_t *kilobytes',
  nvmlDeviceGetCurrPcieLinkGeneration: 'uint64_t device, _Out_ uint32_t *generation',
  nvmlDeviceGetCurrPcieLinkWidth: 'uint64_t device, _Out_ uint32_t *width',
  nvmlDeviceGetPcieReplayCounter: 'uint64_t device, _Out_ uint32_t *count',
  nvmlDeviceGetTotalEccErrors: 'uint64_t device, int32_t errorType, int32_t counterType, _Out_ uint64_t *count',
  nvmlDeviceGetNumFans: 'uint64_t device, _Out_ uint32_t *count',
  nvmlDeviceGetFanSpeed_v2: 'uint64_t device, uint32_t fan, _Out_ uint32_t *percent',
  nvmlDeviceGetFanSpeedRPM: 'uint64_t device, _Inout_ uint8_t *speed',
  nvmlDeviceGetEncoderUtilization: 'uint64_t device, _Out_ uint32_t *percent, _Out_ uint32_t *periodUs',
  nvmlDeviceGetDecoderUtilization: 'uint64_t device, _Out_ uint32_t *percent, _Out_ uint32_t *periodUs',
  nvmlDeviceGetJpgUtilization: 'uint64_t device, _Out_ uint32_t *percent, _Out_ uint32_t *periodUs',
  nvmlDeviceGetOfaUtilization: 'uint64_t device, _Out_ uint32_t *percent, _Out_ uint32_t *periodUs',
  nvmlDeviceGetComputeRunningProcesses_v3: 'uint64_t device, _Inout_ uint32_t *count, _Out_ uint8_t *records',
  nvmlDeviceGetGraphicsRunningProcesses_v3: 'uint64_t device, _Inout_ uint32_t *count, _Out_ uint8_t *records',
  nvmlDeviceGetProcessUtilization:
    'uint64_t device, _Out_ uint8_t *records, _Inout_ uint32_t *count, uint64_t lastSeenUs',
  nvmlDeviceGetMigMode: 'uint64_t device, _Out_ uint32_t *current, _Out_ uint32_t *pending',
  nvmlDeviceGetMaxMigDeviceCount: 'uint64_t device, _Out_ uint32_t *count',
  nvmlDeviceGetMigDeviceHandleByIndex: 'uint64_t device, uint32_t index, _Out_ uint64_t *instance',
  nvmlDeviceGetFieldValues: 'uint64_t device, int32_t count, _Inout_ uint8_t *records',
} as const;

export type NvmlFunction = keyof typeof nvmlPrototypes;
export type NvmlArgument = number | bigint | Uint8Array | Uint32Array | BigUint64Array;

/** One call of NVML: the return code. A function that the library lacks returns 13, as NVML itself does. */
export type NvmlCall = (name: NvmlFunction, ...values: readonly NvmlArgument[]) => number;
