// The exercise of notebook 36.
export {
  type AccessGuard,
  accessGuard,
  type RemoteAccess,
  type SharedRegion,
} from "./36-rdma/access-guard.js";
