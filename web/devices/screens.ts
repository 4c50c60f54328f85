// Everything that a person's own devices need, in one chunk.
export { LinkDeviceScreen } from './link-device.tsx';
export { LinkThisDeviceScreen } from './link-this-device.tsx';
export { MyDevicesScreen } from './my-devices.tsx';
