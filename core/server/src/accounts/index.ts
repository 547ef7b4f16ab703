export {
  decide,
  hasRole,
  mayGiveTo,
  queryFor,
  rightsOf,
  type Action,
  type OwnerQuery,
  type Role,
  type Viewer,
} from './decide.ts';
