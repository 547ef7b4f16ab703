export { skip } from '@stele/sdk/testing';
