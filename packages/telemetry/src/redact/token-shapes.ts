/**
 * Secrets that show by their shape alone, wherever they stand. Each begins with a literal of its provider, so that one
 * alternation finds them all in linear time. Shapes after the public rules of gitleaks (MIT) and the providers' documentation.
 */
const SHAPES: readonly string[] = [
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}', // AWS access key
  'ABSK[A-Za-z0-9+/]{90,300}={0,2}', // AWS Bedrock
  'gh[pousr]_[A-Za-z0-9]{30,255}', // GitHub
  'github_pat_[A-Za-z0-9_]{22,255}',
  'gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt|ffct)-[A-Za-z0-9_.=-]{20,300}', // GitLab
  'GR1348941[A-Za-z0-9_-]{20}',
  'xox[abepors]-[A-Za-z0-9-]{10,250}', // Slack
  'xapp-\\d-[A-Z0-9]+-\\d+-[a-z0-9]{20,100}',
  '(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{10,247}', // Stripe
  'whsec_[A-Za-z0-9+/=]{24,100}',
  'AIza[A-Za-z0-9_-]{35}', // Google
  'ya29\\.[A-Za-z0-9_-]{20,300}',
  'GOCSPX-[A-Za-z0-9_-]{24,40}',
  'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{30,60}', // SendGrid
  'SK[0-9a-fA-F]{32}', // Twilio
  'npm_[A-Za-z0-9]{36}',
  'pypi-AgE[A-Za-z0-9_-]{50,1000}',
  'sk-ant-[A-Za-z0-9_-]{20,200}', // Anthropic
  'sk-(?:proj-|svcacct-|admin-|or-v1-|lf-)?[A-Za-z0-9_-]{20,250}', // OpenAI and those that follow its form
  'hf_[A-Za-z]{30,40}',
  'api_org_[A-Za-z]{34}',
  'do[opr]_v1_[a-f0-9]{64}', // DigitalOcean
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', // Shopify
  'sq0(?:atp|csp)-[A-Za-z0-9_-]{22,60}', // Square
  'EAAA[A-Za-z0-9_+-]{50,100}',
  'EAA[MC][A-Za-z0-9]{100,300}', // Facebook
  'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}',
  '(?:ntn_|secret_)[A-Za-z0-9]{40,50}', // Notion
  'ATATT3[A-Za-z0-9_=-]{100,250}', // Atlassian
  'ATCTT3[A-Za-z0-9_=-]{100,250}',
  'dapi[a-f0-9]{32}(?:-\\d)?', // Databricks
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9.]{40,60}', // Doppler
  'hv[sbr]\\.[A-Za-z0-9_-]{24,300}', // Vault
  '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}', // Terraform Cloud
  'pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,64}',
  'PMAK-[a-fA-F0-9]{24}-[a-fA-F0-9]{34}',
  'NRAK-[A-Z0-9]{27}',
  'NRII-[A-Za-z0-9-]{32}',
  'NRJS-[a-f0-9]{19}',
  'gl(?:sa|c)_[A-Za-z0-9+/_=]{32,400}', // Grafana
  'sntry[su]_[A-Za-z0-9+/=_-]{40,400}', // Sentry
  'sb(?:p|_secret)_[A-Za-z0-9_-]{30,60}', // Supabase
  'fo1_[A-Za-z0-9_-]{43}', // Fly
  'fm[12][ar]?_[A-Za-z0-9+/=]{80,500}',
  'AGE-SECRET-KEY-1[A-Z0-9]{58}',
  'pul-[a-f0-9]{40}', // Pulumi
  'rubygems_[a-f0-9]{48}',
  'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}', // Docker
  'HRKU-[A-Za-z0-9_-]{36,100}', // Heroku
  'nfp_[A-Za-z0-9]{36,60}', // Netlify
  'AKCp[A-Za-z0-9]{69}', // Artifactory
  'cmVmdGtu[A-Za-z0-9]{56}',
  'LTAI[A-Za-z0-9]{17,21}', // Alibaba
  'CLOJARS_[a-z0-9]{60}',
  'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}', // Dynatrace
  'EZ[AT]K[a-z0-9]{54}', // EasyPost
  'fig[dorh]_[A-Za-z0-9_-]{40,100}', // Figma
  'FLW(?:SECK|PUBK)(?:_TEST)?-[a-h0-9]{12,32}-?X?',
  'fio-u-[A-Za-z0-9_=-]{64}',
  'duffel_(?:test|live)_[A-Za-z0-9_=-]{43}',
  'ico-[A-Za-z0-9]{32}',
  's-s4t2(?:ud|af)-[a-f0-9]{64}',
  'sha256~[A-Za-z0-9_-]{43}', // OpenShift
  'pplx-[A-Za-z0-9]{48}',
  'pnu_[A-Za-z0-9]{36}',
  'rdme_[a-z0-9]{70}',
  'tk-us-[A-Za-z0-9_-]{48}',
  'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}',
  'shippo_(?:live|test)_[a-fA-F0-9]{40}',
  'sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}',
  'tskey-[a-z]+-[A-Za-z0-9-]{20,80}', // Tailscale
  'tfp_[A-Za-z0-9_.=-]{59}',
  'ops_eyJ[A-Za-z0-9+/=]{100,1000}', // 1Password
  'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
  'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}',
  'gsk_[A-Za-z0-9]{40,60}', // Groq
  'r8_[A-Za-z0-9]{37}', // Replicate
  'xai-[A-Za-z0-9]{70,90}',
  'vc[pkiaor]_[A-Za-z0-9]{24,80}', // Vercel
  're_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}', // Resend
  'phc_[A-Za-z0-9]{40,50}', // PostHog
  'phx_[A-Za-z0-9]{40,50}',
  'key-[a-f0-9]{32}', // Mailgun
  '[a-f0-9]{32}-us\\d{1,2}', // Mailchimp
  '(?:bot)?\\d{8,10}:AA[A-Za-z0-9_-]{33}', // Telegram
  '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}', // Discord
  'oy2[a-z0-9]{43}', // NuGet
  'glrt-[A-Za-z0-9_-]{20}',
  'v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}', // Cloudflare origin CA
  'p8e-[A-Za-z0-9]{32}',
  'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}', // Airtable
  'sk\\.eyJ[A-Za-z0-9_-]{40,200}\\.[A-Za-z0-9_-]{20,40}', // Mapbox
  'eyJ[A-Za-z0-9_-]{8,8192}\\.[A-Za-z0-9_-]{8,8192}(?:\\.[A-Za-z0-9_-]{0,8192}){0,3}', // JSON web token
  'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,100}',
  'discord(?:app)?\\.com/api/webhooks/\\d{15,22}/[A-Za-z0-9_-]{40,90}',
  '[a-z0-9-]{1,60}\\.webhook\\.office\\.com/webhookb2/[A-Za-z0-9@/-]{60,300}',
];

/** Boundary: not within a word, but right after a JSON escape such as `\n`. */
export const tokenShapes = new RegExp(`(?:(?<![A-Za-z0-9_-])|(?<=\\\\[nrtbf]))(?:${SHAPES.join('|')})(?![A-Za-z0-9_])`, 'g');

/** A literal of each shape's beginning: lines without any of these are not searched. */
export const tokenHint =
  /AKIA|ASIA|ABIA|ACCA|ABSK|gh[pousr]_|github_pat|gl[a-z]{1,5}-|GR1348941|xox[a-z]-|xapp-|_(?:live|test|prod)_|whsec_|AIza|ya29\.|GOCSPX|SG\.|SK[0-9a-fA-F]{32}|npm_|pypi-|sk-|hf_|api_org_|do[opr]_v1|shp[a-z]{2}_|sq0|EAA|lin_|ntn_|secret_|AT[AC]TT3|dapi|dp\.|hv[sbr]\.|atlasv1|pscale_|PMAK|NR[A-Z]{2}-|gl(?:sa|c)_|sntry|sb(?:p|_secret)_|fo1_|fm[12]|AGE-SECRET|pul-|rubygems_|dckr_|HRKU|nfp_|AKCp|cmVmdGtu|LTAI|CLOJARS|dt0[a-z]|EZ[AT]K|fig[a-z]_|FLW|fio-u|ico-|s-s4t2|sha256~|pplx-|pnu_|rdme_|tk-us|xkeysib|shippo_|sgp_|tskey-|tfp_|ops_eyJ|A3-|lsv2_|gsk_|r8_|xai-|vc[a-z]_|re_|ph[cx]_|key-|-us\d|:AA|[MNO][\w-]{23,27}\.|oy2|v1\.0-|p8e-|pat[A-Za-z0-9]{14}\.|eyJ|hooks\.slack|\/api\/webhooks|webhook\.office/;
