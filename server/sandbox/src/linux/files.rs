//! Files and ports, by Landlock: <https://docs.kernel.org/userspace-api/landlock.html>.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError,
    RulesetStatus, Scope, path_beneath_rules,
};

use crate::{Enforced, Policy};

/// What is asked of the kernel. An older one does as much of it as it knows, and that is said.
const WANTED: ABI = ABI::V6;

/// Takes away every file that is not named, every port, sockets without a name in the file system, and signals to others.
pub(super) fn confine(policy: &Policy) -> Result<Enforced, RulesetError> {
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(WANTED))?
        .handle_access(AccessNet::from_all(WANTED))?
        .scope(Scope::from_all(WANTED))?
        .create()?
        .add_rules(path_beneath_rules(&policy.read, AccessFs::ReadFile | AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(&policy.write, writing()))?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => Enforced::Whole,
        RulesetStatus::PartiallyEnforced => Enforced::Part,
        RulesetStatus::NotEnforced => Enforced::Nothing,
    })
}

/// Plain files, directories and links; no devices, no pipes, nothing that is run.
fn writing() -> landlock::BitFlags<AccessFs> {
    AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::MakeSym
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer
}
