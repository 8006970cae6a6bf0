/**
 * Secrets that show by their shape alone, wherever they stand: what the providers' documentation and the public rules of gitleaks (MIT)
 * say of their form. The literal is what the search looks for; the shape is tried at its place alone.
 */
export interface TokenShape {
  /** Begins the token; letters in either case, the shape tells. */
  readonly literals: readonly string[];
  readonly shape: string;
  /** Where the literal stands within the token: what may stand before it. */
  readonly before?: { readonly characters: RegExp; readonly atMost: number };
}

const BASE62 = '[A-Za-z0-9]';
const HEX = '[a-fA-F0-9]';
const UUID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;

const shape = (literals: string, form: string): TokenShape => ({ literals: literals.split(' '), shape: form });
const within = (literals: string, characters: RegExp, atMost: number, form: string): TokenShape => ({
  literals: literals.split(' '),
  shape: form,
  before: { characters, atMost },
});

const clouds: readonly TokenShape[] = [
  shape('akia asia abia acca a3t', '(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}'), // AWS
  shape('absk', `ABSK[A-Za-z0-9+/]{90,300}={0,2}`),
  shape('bedrock-api-key-', 'bedrock-api-key-[A-Za-z0-9+/=_-]{20,400}'),
  shape('amzn', `amzn1\\.application-oa2-client\\.${HEX}{32}|amzn1\\.oa2-cs\\.v1\\.${HEX}{64}|amzn\\.mws\\.${UUID}`),
  shape('aiza', 'AIza[A-Za-z0-9_-]{35}'), // Google
  shape('ya29.', 'ya29\\.[A-Za-z0-9_-]{20,2000}'),
  shape('gocspx-', 'GOCSPX-[A-Za-z0-9_-]{24,40}'),
  shape('1//0', '1//0[A-Za-z0-9_-]{40,120}'),
  shape('goog', 'GOOG(?:1E)?[A-Z0-9]{10,61}'),
  within('q~', /[A-Za-z0-9_.~-]/, 5, '[A-Za-z0-9_.~-]{3}\\dQ~[A-Za-z0-9_.~-]{31,34}'), // Microsoft Entra
  within(
    'azfu azse astb acdb apim acrc +acr azeg jqqj99',
    /[A-Za-z0-9+/]/,
    86,
    '[A-Za-z0-9+/]{32,86}(?:AzFu|AzSe|AStb|\\+ASt|ACDb|APIM|ACRC|\\+ACR|AZEG|JQQJ99)[A-Za-z0-9+/]{4,44}={0,2}',
  ), // Azure: keys that carry their service's mark
  shape('ltai', 'LTAI[A-Za-z0-9]{12,24}'), // Alibaba
  shape('akid', `AKID[A-Za-z0-9]{13,36}`), // Tencent
  shape('aklt', `AKLT[A-Za-z0-9_-]{20,60}`), // Volcengine
  shape('dop_v1_ doo_v1_ dor_v1_', 'do[opr]_v1_[a-f0-9]{64}'), // DigitalOcean
  shape('dapi', 'dapi[a-f0-9]{32}(?:-\\d)?'), // Databricks
  shape('dose', 'dose[a-f0-9]{32}(?:-\\d)?'),
  shape('dp.', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9.]{40,100}'), // Doppler
  shape('hvs. hvb. hvr.', 'hv[sbr]\\.[A-Za-z0-9_-]{20,320}'), // Vault
  within('.atlasv1.', /[A-Za-z0-9]/, 14, '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,90}'), // Terraform Cloud
  shape('hrku- hrku_', 'HRKU[-_][A-Za-z0-9_-]{36,100}'), // Heroku
  shape('ocid1.', 'ocid1\\.(?:credential|vaultsecret)\\.[a-z0-9._-]{20,200}'),
  shape('pscale_', 'pscale_(?:tkn|pw|oauth|api)_[A-Za-z0-9=._-]{32,64}'), // PlanetScale
  shape('fo1_', 'fo1_[A-Za-z0-9_-]{43}'), // Fly
  shape('fm1r_ fm1a_ fm2_', 'fm[12][ar]?_[A-Za-z0-9+/]{80,2000}={0,3}'),
  shape('pul-', 'pul-[a-f0-9]{40}'), // Pulumi
  shape('rnd_', `rnd_${BASE62}{28,40}`), // Render
  shape('nfp_', 'nf[pcobu]_[A-Za-z0-9]{36,60}'), // Netlify
  shape('vercel_blob_rw_ vcp_ vck_ vci_ vca_ vcr_', 'vc[pkiar]_[A-Za-z0-9]{24,80}|vercel_blob_rw_[A-Za-z0-9_]{30,80}'),
  shape('cfut_ cfat_ cfk_', 'cf(?:ut|at|k)_[A-Za-z0-9_-]{30,80}'), // Cloudflare
  shape('v1.0-', 'v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}'),
  shape('napi_', 'napi_[a-z0-9]{40,80}'), // Neon
  shape('sbp_ sb_secret_ sba_', 'sb(?:p|a|_secret)_[A-Za-z0-9_-]{30,60}'), // Supabase
  shape('aiven', 'AIVEN[A-Za-z0-9+/=]{16,300}'),
  shape('avns_', 'AVNS_[A-Za-z0-9_-]{18,30}'),
  shape('tskey-', 'tskey-[a-z]+-[A-Za-z0-9-]{16,100}'), // Tailscale
  shape('sha256~', 'sha256~[A-Za-z0-9_-]{43}'), // OpenShift
  shape('yc t1. aqvn', 'YC[A-Za-z0-9_-]{38}|AQVN[A-Za-z0-9_-]{35,38}|t1\\.[A-Za-z0-9_-]+={0,2}\\.[A-Za-z0-9_-]{86}={0,2}'), // Yandex
  shape('age-secret-key-', 'AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{58,400}'),
  shape('ops_eyj', 'ops_eyJ[A-Za-z0-9+/=_-]{100,2000}'), // 1Password
  shape('a3-', 'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}'),
];

const code: readonly TokenShape[] = [
  shape('ghp_ gho_ ghu_ ghs_ ghr_', 'gh[pousr]_[A-Za-z0-9._-]{30,1000}'), // GitHub
  shape('github_pat_', 'github_pat_[A-Za-z0-9_]{22,255}'),
  shape(
    'glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glagent- gloas- glimt- glffct- glrtr- glwt-',
    'gl(?:pat|dt|rtr?|cbt|ptt|ft|soat|agent|oas|imt|ffct|wt)-[A-Za-z0-9_.=-]{20,300}',
  ),
  shape('gr1348941', 'GR1348941[A-Za-z0-9_-]{20,30}'),
  shape('_gitlab_session=', '_gitlab_session=[0-9a-f]{32}'),
  shape('atatt3 atctt3 atbb atoa', 'AT[AC]TT3[A-Za-z0-9_=-]{60,300}|ATBB[A-Za-z0-9_=.-]{24,60}'), // Atlassian
  shape('bbdc-', 'BBDC-[A-Za-z0-9+/@_-]{40,50}'),
  shape('npm_', 'npm_[A-Za-z0-9]{30,40}'),
  shape('pypi-', 'pypi-Ag[A-Za-z0-9_-]{50,1500}'),
  shape('rubygems_', 'rubygems_[a-f0-9]{48}'),
  shape('clojars_', 'CLOJARS_[A-Za-z0-9]{60}'),
  shape('cio', `cio[A-Za-z0-9]{32}`), // crates.io
  shape('oy2', 'oy2[a-z0-9]{43}'), // NuGet
  shape('akcp cmvmdgtu', 'AKCp[A-Za-z0-9]{60,80}|cmVmdGtu[A-Za-z0-9]{50,70}'), // Artifactory
  shape('dckr_', 'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}'), // Docker
  shape('dt0', 'dt0[a-z]\\d{2}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}'), // Dynatrace
  shape('squ_ sqp_ sqa_', 'sq[upa]_[a-f0-9]{40}'), // SonarQube
  shape('sgp_', 'sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}'), // Sourcegraph
  shape('slk_', 'slk_[a-f0-9]{64}'),
  shape('snyk_', 'snyk_[a-z]{2,6}\\.[A-Za-z0-9._-]{20,80}'),
  shape('ccipat_ ccilat_', 'CCI[PL]AT_[A-Za-z0-9_-]{20,80}'), // CircleCI
  shape('bkua_ bkct_ bkpt_', 'bk(?:ua|ct|pt|aj)_[A-Za-z0-9]{30,80}'), // Buildkite
  shape('cpat_', 'cpat_[A-Za-z0-9]{30,80}'),
  shape('hawk.', 'hawk\\.[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{20}'), // StackHawk
  shape('dnkey-', 'dnkey-[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}'), // Defined networking
  shape('pat. sat.', '[ps]at\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}'), // Harness
  shape('api-', 'API-[A-Z0-9]{25,36}'), // Octopus Deploy
  shape('lin_', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}'), // Linear
  shape('figd_ figo_ figr_ figh_', 'fig[dorh]_[A-Za-z0-9_-]{35,100}'), // Figma
  shape('pmak-', 'PMAK-[a-fA-F0-9]{24}-[a-fA-F0-9]{34}'), // Postman
  shape('pmat-', 'PMAT-[A-Z0-9]{26}'),
  shape('rdme_', 'rdme_[a-z0-9]{70}'),
  shape('tfp_', 'tfp_[A-Za-z0-9_.=-]{40,70}'), // Typeform
  shape('pat', 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}'), // Airtable
  shape('p8e-', 'p8e-[A-Za-z0-9]{32}'),
  shape('ntn_ secret_', '(?:ntn_|secret_)[A-Za-z0-9]{40,50}'), // Notion
  shape('ico- s-s4t2', 'ico-[A-Za-z0-9]{32}|s-s4t2(?:ud|af)-[a-f0-9]{64}'),
];

const talk: readonly TokenShape[] = [
  shape('xoxb- xoxp- xoxa- xoxe- xoxo- xoxr- xoxs- xoxc- xoxd- xoxe.', 'xox[abcdeoprs][-.](?:xox[bp]-)?[A-Za-z0-9%-]{8,300}'), // Slack
  shape('xapp- xwfp-', 'x(?:app|wfp)-\\d-[A-Za-z0-9]+-\\d+-[a-z0-9]{20,100}'),
  shape('hooks.slack.com/', 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,100}'),
  shape('discord.com/api/webhooks discordapp.com/api/webhooks', 'discord(?:app)?\\.com/api/webhooks/\\d{15,22}/[A-Za-z0-9_-]{40,90}'),
  within('.webhook.office.com', /[a-z0-9-]/, 60, '[a-z0-9-]{1,60}\\.webhook\\.office\\.com/webhookb2/[A-Za-z0-9@/-]{60,300}'),
  shape('chat.googleapis.com/v1/spaces', 'chat\\.googleapis\\.com/v1/spaces/[^\\s"\'<>]{20,300}'),
  shape('hooks.zapier.com/', 'hooks\\.zapier\\.com/hooks/catch/[A-Za-z0-9/]{10,40}'),
  shape('api.telegram.org/bot', 'api\\.telegram\\.org/bot\\d{5,16}:[A-Za-z0-9_-]{30,40}'),
  within(':a', /\d/, 16, '\\d{5,16}:A[A-Za-z0-9_-]{34}'), // Telegram
  shape('sk', 'SK[0-9a-fA-F]{32}'), // Twilio
  shape('sg.', 'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,60}'), // SendGrid
  shape('key- pubkey-', '(?:pub)?key-[a-f0-9]{32}'), // Mailgun
  within('-us', /[a-f0-9]/, 32, '[a-f0-9]{32}-us\\d{1,2}'), // Mailchimp
  shape('md-', 'md-[A-Za-z0-9_-]{22}'), // Mandrill
  shape('xkeysib- xsmtpsib-', 'x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}'), // Brevo
  shape('re_', 're_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,30}'), // Resend
  shape('mlsn.', 'mlsn\\.[a-f0-9]{64}'), // MailerSend
  shape('eaa', 'EAA[A-Z][A-Za-z0-9]{20,400}'), // Facebook
  shape('igqv', 'IGQV[A-Za-z0-9_-]{50,300}'), // Instagram
  shape('aaaaaaaaaaaaaaaaaaaaaa', 'A{22}[A-Za-z0-9%]{50,120}'), // Twitter
  within('|', /\d/, 16, '\\d{15,16}\\|[0-9A-Za-z_-]{27,40}'), // Facebook application
];

const money: readonly TokenShape[] = [
  shape('sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ pk_live_ pk_test_', '[srp]k_(?:live|test|prod)_[A-Za-z0-9_]{10,247}'), // Stripe
  shape('whsec_', 'whsec_[A-Za-z0-9+/=]{24,100}'),
  shape('shpat_ shpca_ shppa_ shpss_ shpua_', 'shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32}'), // Shopify
  shape('sq0', 'sq0(?:atp|csp|idp|idb)-[A-Za-z0-9_-]{22,60}'), // Square
  shape('eaaa', 'EAAA[A-Za-z0-9_+-]{22,100}'),
  shape('access_token$', 'access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}'), // Braintree
  shape('ezak ezatk eztk', 'EZ[AT]T?K[A-Za-z0-9]{54}'), // EasyPost
  shape('flwseck flwpubk', 'FLW(?:SECK|PUBK)(?:_TEST)?-[a-hA-H0-9]{12,32}(?:-X)?'),
  shape('access-sandbox- access-development- access-production-', `access-(?:sandbox|development|production)-${UUID}`), // Plaid
  shape('duffel_', 'duffel_(?:test|live)_[A-Za-z0-9_=-]{43}'),
  shape('shippo_', 'shippo_(?:live|test)_[a-fA-F0-9]{40}'),
  shape('fio-u-', 'fio-u-[A-Za-z0-9_=-]{64}'),
  shape('live_ test_', '(?:live|test)_(?:pub_)?[a-f0-9]{31,35}|(?:live|test)_[A-Za-z0-9_=-]{40,50}'), // Lob, GoCardless
  shape('rzp_live_ rzp_test_', 'rzp_(?:live|test)_[A-Za-z0-9]{14,24}'), // Razorpay
  shape('pdl_', 'pdl_(?:live|sdbx)_[A-Za-z0-9_]{20,80}'), // Paddle
  shape('aqe', 'AQE[A-Za-z0-9+/=]{50,200}'), // Adyen
];

const minds: readonly TokenShape[] = [
  shape('sk-', 'sk-(?:ant-|proj-|svcacct-|admin-|or-v1-|lf-|None-|api-)?[A-Za-z0-9_-]{20,250}'), // OpenAI, Anthropic and those alike
  shape('pk-lf-', `pk-lf-${UUID}`),
  shape('hf_ api_org_', '(?:hf|api_org)_[A-Za-z0-9]{30,40}'),
  shape('pplx-', 'pplx-[A-Za-z0-9]{40,60}'),
  shape('gsk_', 'gsk_[A-Za-z0-9]{40,60}'), // Groq
  shape('xai-', 'xai-[A-Za-z0-9]{60,90}'),
  shape('r8_', 'r8_[A-Za-z0-9]{37}'), // Replicate
  shape('nvapi-', 'nvapi-[A-Za-z0-9_-]{60,80}'),
  shape('lsv2_ ls__', 'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}|ls__[a-f0-9]{32}'), // LangSmith
  shape('tvly-', 'tvly-[A-Za-z0-9-]{30,60}'),
  shape('fc-', 'fc-[a-f0-9]{32}'), // Firecrawl
  shape('jina_', 'jina_[A-Za-z0-9_-]{50,70}'),
  shape('pcsk_', 'pcsk_[A-Za-z0-9_]{50,90}'), // Pinecone
  shape('fw_', 'fw_[A-Za-z0-9]{22,40}'),
  shape('co_', 'co_[A-Za-z0-9]{36,48}'),
];

const watch: readonly TokenShape[] = [
  shape('nrak- nrii- nrjs-', 'NR(?:AK-[A-Za-z0-9]{27}|II-[A-Za-z0-9-]{32}|JS-[a-f0-9]{19})'), // New Relic
  within('nral', /[a-f0-9]/, 36, '[a-f0-9]{36}NRAL'),
  shape('glsa_ glc_', 'gl(?:sa|c)_[A-Za-z0-9+/_=]{32,400}'), // Grafana
  shape('sntrys_ sntryu_', 'sntry[su]_[A-Za-z0-9+/=_-]{40,400}'), // Sentry
  shape('phc_ phx_', 'ph[cx]_[A-Za-z0-9]{40,50}'), // PostHog
  shape('hlxtr_', 'hlxtr_[A-Za-z0-9]{30,60}'),
  shape('hcaik_ hcbik_ hcaic_', 'hc[a-z]{2}[kc]_[A-Za-z0-9]{58}'), // Honeycomb
  shape('sdk- mob- api-', `(?:sdk|mob|api)-${UUID}`), // LaunchDarkly
  shape('pnu_', 'pnu_[A-Za-z0-9]{36}'),
  shape('tk-us-', 'tk-us-[A-Za-z0-9_-]{48}'),
  shape('aio_', 'aio_[A-Za-z0-9]{28}'), // Adafruit
  shape('sl.', 'sl\\.(?:u\\.)?[A-Za-z0-9_=-]{40,1500}'), // Dropbox
  shape('eyj', 'eyJ[A-Za-z0-9_-]{8,8192}\\.[A-Za-z0-9_-]{8,8192}(?:\\.[A-Za-z0-9_-]{0,8192}){0,3}'), // JSON web token
  shape('eyjrijoi', 'eyJrIjoi[A-Za-z0-9+/=]{40,400}'),
  shape('zxlk', 'ZXlK[A-Za-z0-9+/=_-]{40,8192}'), // the same in base64 once more
  shape('sk.eyj pk.eyj tk.eyj', '[spt]k\\.eyJ[A-Za-z0-9_-]{30,200}\\.[A-Za-z0-9_-]{20,40}'), // Mapbox
  shape('v2.local. v2.public. v4.local. v4.public.', 'v[1-4]\\.(?:local|public)\\.[A-Za-z0-9_-]{30,4000}'), // PASETO
  shape(
    'sc_ ext_ scauth_ authress_',
    '(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}',
  ),
  shape('gaaaaa', 'gAAAAA[A-Za-z0-9_-]{60,4000}={0,2}'), // Fernet
  shape(
    '$2a$ $2b$ $2y$ $argon2 $6$ $5$ $1$',
    '\\$(?:2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}|argon2i?d?\\$[^\\s"\'<>]{20,200}|[156]\\$[^\\s"\'$]{1,20}\\$[./A-Za-z0-9]{22,86})',
  ), // password hashes
];

export const tokenShapes: readonly TokenShape[] = [...clouds, ...code, ...talk, ...money, ...minds, ...watch];
