/**
 * The service a Kubernetes pod belongs to: a Deployment's pods are `<name>-<replica set hash>-<5 characters>`, a StatefulSet's `<name>-<ordinal>`.
 * Hashes use an alphabet without vowels (k8s.io/apimachinery/pkg/util/rand), so ordinary words are not taken for one.
 */
export function serviceOfPod(pod: string): string {
  return pod.replace(/-[bcdfghjklmnpqrstvwxz0-9]{6,10}-[bcdfghjklmnpqrstvwxz0-9]{5}$/, '').replace(/-\d{1,3}$/, '') || pod;
}
