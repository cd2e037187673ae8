import { suite } from "./suite";

suite("foldBatchNorm", "foldBatchNormIntoNext");
