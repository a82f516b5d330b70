export { ContainerView } from './container-view.tsx'
