//! The messages of the Debug Adapter Protocol that are read or written here.
//!
//! Made by tests/types.rs from protocol/debugProtocol.json; not to be edited.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code, reason = "generated")]

///Information about a breakpoint created in `setBreakpoints`, `setFunctionBreakpoints`, `setInstructionBreakpoints`, or `setDataBreakpoints` requests.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Breakpoint {
    ///Start position of the source range covered by the breakpoint. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub column: ::std::option::Option<i64>,
    /**End position of the source range covered by the breakpoint. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
If no end line is given, then the end column is assumed to be in the start line.*/
    #[serde(
        rename = "endColumn",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub end_column: ::std::option::Option<i64>,
    ///The end line of the actual range covered by the breakpoint.
    #[serde(rename = "endLine", skip_serializing_if = "::std::option::Option::is_none")]
    pub end_line: ::std::option::Option<i64>,
    ///The identifier for the breakpoint. It is needed if breakpoint events are used to update or remove breakpoints.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub id: ::std::option::Option<i64>,
    ///A memory reference to where the breakpoint is set.
    #[serde(
        rename = "instructionReference",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub instruction_reference: ::std::option::Option<::std::string::String>,
    ///The start line of the actual range covered by the breakpoint.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub line: ::std::option::Option<i64>,
    /**A message about the state of the breakpoint.
This is shown to the user and can be used to explain why a breakpoint could not be verified.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    /**The offset from the instruction reference.
This can be negative.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub offset: ::std::option::Option<i64>,
    /**A machine-readable explanation of why a breakpoint may not be verified. If a breakpoint is verified or a specific reason is not known, the adapter should omit this property. Possible values include:

- `pending`: Indicates a breakpoint might be verified in the future, but the adapter cannot verify it in the current state.
 - `failed`: Indicates a breakpoint was not able to be verified, and the adapter does not believe it can be verified without intervention.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub reason: ::std::option::Option<BreakpointReason>,
    ///The source where the breakpoint is located.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<Source>,
    ///If true, the breakpoint could be set (but not necessarily at the desired location).
    pub verified: bool,
}
/**A machine-readable explanation of why a breakpoint may not be verified. If a breakpoint is verified or a specific reason is not known, the adapter should omit this property. Possible values include:

- `pending`: Indicates a breakpoint might be verified in the future, but the adapter cannot verify it in the current state.
 - `failed`: Indicates a breakpoint was not able to be verified, and the adapter does not believe it can be verified without intervention.*/
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum BreakpointReason {
    #[serde(rename = "pending")]
    Pending,
    #[serde(rename = "failed")]
    Failed,
}
impl ::std::fmt::Display for BreakpointReason {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Pending => f.write_str("pending"),
            Self::Failed => f.write_str("failed"),
        }
    }
}
impl ::std::str::FromStr for BreakpointReason {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "pending" => Ok(Self::Pending),
            "failed" => Ok(Self::Failed),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for BreakpointReason {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for BreakpointReason {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///Information about the capabilities of a debug adapter.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Capabilities {
    ///The set of additional module information exposed by the debug adapter.
    #[serde(
        rename = "additionalModuleColumns",
        default,
        skip_serializing_if = "::std::vec::Vec::is_empty"
    )]
    pub additional_module_columns: ::std::vec::Vec<ColumnDescriptor>,
    ///The set of characters that should trigger completion in a REPL. If not specified, the UI should assume the `.` character.
    #[serde(
        rename = "completionTriggerCharacters",
        default,
        skip_serializing_if = "::std::vec::Vec::is_empty"
    )]
    pub completion_trigger_characters: ::std::vec::Vec<::std::string::String>,
    ///Available exception filter options for the `setExceptionBreakpoints` request.
    #[serde(
        rename = "exceptionBreakpointFilters",
        default,
        skip_serializing_if = "::std::vec::Vec::is_empty"
    )]
    pub exception_breakpoint_filters: ::std::vec::Vec<ExceptionBreakpointsFilter>,
    ///The debug adapter supports the `suspendDebuggee` attribute on the `disconnect` request.
    #[serde(
        rename = "supportSuspendDebuggee",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub support_suspend_debuggee: ::std::option::Option<bool>,
    ///The debug adapter supports the `terminateDebuggee` attribute on the `disconnect` request.
    #[serde(
        rename = "supportTerminateDebuggee",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub support_terminate_debuggee: ::std::option::Option<bool>,
    ///Checksum algorithms supported by the debug adapter.
    #[serde(
        rename = "supportedChecksumAlgorithms",
        default,
        skip_serializing_if = "::std::vec::Vec::is_empty"
    )]
    pub supported_checksum_algorithms: ::std::vec::Vec<ChecksumAlgorithm>,
    ///The debug adapter supports the `breakpointLocations` request.
    #[serde(
        rename = "supportsBreakpointLocationsRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_breakpoint_locations_request: ::std::option::Option<bool>,
    ///The debug adapter supports the `cancel` request.
    #[serde(
        rename = "supportsCancelRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_cancel_request: ::std::option::Option<bool>,
    ///The debug adapter supports the `clipboard` context value in the `evaluate` request.
    #[serde(
        rename = "supportsClipboardContext",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_clipboard_context: ::std::option::Option<bool>,
    ///The debug adapter supports the `completions` request.
    #[serde(
        rename = "supportsCompletionsRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_completions_request: ::std::option::Option<bool>,
    ///The debug adapter supports conditional breakpoints.
    #[serde(
        rename = "supportsConditionalBreakpoints",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_conditional_breakpoints: ::std::option::Option<bool>,
    ///The debug adapter supports the `configurationDone` request.
    #[serde(
        rename = "supportsConfigurationDoneRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_configuration_done_request: ::std::option::Option<bool>,
    ///The debug adapter supports data breakpoints.
    #[serde(
        rename = "supportsDataBreakpoints",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_data_breakpoints: ::std::option::Option<bool>,
    ///The debug adapter supports the delayed loading of parts of the stack, which requires that both the `startFrame` and `levels` arguments and the `totalFrames` result of the `stackTrace` request are supported.
    #[serde(
        rename = "supportsDelayedStackTraceLoading",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_delayed_stack_trace_loading: ::std::option::Option<bool>,
    ///The debug adapter supports the `disassemble` request.
    #[serde(
        rename = "supportsDisassembleRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_disassemble_request: ::std::option::Option<bool>,
    ///The debug adapter supports a (side effect free) `evaluate` request for data hovers.
    #[serde(
        rename = "supportsEvaluateForHovers",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_evaluate_for_hovers: ::std::option::Option<bool>,
    ///The debug adapter supports `filterOptions` as an argument on the `setExceptionBreakpoints` request.
    #[serde(
        rename = "supportsExceptionFilterOptions",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_exception_filter_options: ::std::option::Option<bool>,
    ///The debug adapter supports the `exceptionInfo` request.
    #[serde(
        rename = "supportsExceptionInfoRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_exception_info_request: ::std::option::Option<bool>,
    ///The debug adapter supports `exceptionOptions` on the `setExceptionBreakpoints` request.
    #[serde(
        rename = "supportsExceptionOptions",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_exception_options: ::std::option::Option<bool>,
    ///The debug adapter supports function breakpoints.
    #[serde(
        rename = "supportsFunctionBreakpoints",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_function_breakpoints: ::std::option::Option<bool>,
    ///The debug adapter supports the `gotoTargets` request.
    #[serde(
        rename = "supportsGotoTargetsRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_goto_targets_request: ::std::option::Option<bool>,
    ///The debug adapter supports breakpoints that break execution after a specified number of hits.
    #[serde(
        rename = "supportsHitConditionalBreakpoints",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_hit_conditional_breakpoints: ::std::option::Option<bool>,
    ///The debug adapter supports adding breakpoints based on instruction references.
    #[serde(
        rename = "supportsInstructionBreakpoints",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_instruction_breakpoints: ::std::option::Option<bool>,
    ///The debug adapter supports the `loadedSources` request.
    #[serde(
        rename = "supportsLoadedSourcesRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_loaded_sources_request: ::std::option::Option<bool>,
    ///The debug adapter supports log points by interpreting the `logMessage` attribute of the `SourceBreakpoint`.
    #[serde(
        rename = "supportsLogPoints",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_log_points: ::std::option::Option<bool>,
    ///The debug adapter supports the `modules` request.
    #[serde(
        rename = "supportsModulesRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_modules_request: ::std::option::Option<bool>,
    ///The debug adapter supports the `readMemory` request.
    #[serde(
        rename = "supportsReadMemoryRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_read_memory_request: ::std::option::Option<bool>,
    ///The debug adapter supports restarting a frame.
    #[serde(
        rename = "supportsRestartFrame",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_restart_frame: ::std::option::Option<bool>,
    ///The debug adapter supports the `restart` request. In this case a client should not implement `restart` by terminating and relaunching the adapter but by calling the `restart` request.
    #[serde(
        rename = "supportsRestartRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_restart_request: ::std::option::Option<bool>,
    ///The debug adapter supports the `setExpression` request.
    #[serde(
        rename = "supportsSetExpression",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_set_expression: ::std::option::Option<bool>,
    ///The debug adapter supports setting a variable to a value.
    #[serde(
        rename = "supportsSetVariable",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_set_variable: ::std::option::Option<bool>,
    ///The debug adapter supports the `singleThread` property on the execution requests (`continue`, `next`, `stepIn`, `stepOut`, `reverseContinue`, `stepBack`).
    #[serde(
        rename = "supportsSingleThreadExecutionRequests",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_single_thread_execution_requests: ::std::option::Option<bool>,
    ///The debug adapter supports stepping back via the `stepBack` and `reverseContinue` requests.
    #[serde(
        rename = "supportsStepBack",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_step_back: ::std::option::Option<bool>,
    ///The debug adapter supports the `stepInTargets` request.
    #[serde(
        rename = "supportsStepInTargetsRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_step_in_targets_request: ::std::option::Option<bool>,
    ///The debug adapter supports stepping granularities (argument `granularity`) for the stepping requests.
    #[serde(
        rename = "supportsSteppingGranularity",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_stepping_granularity: ::std::option::Option<bool>,
    ///The debug adapter supports the `terminate` request.
    #[serde(
        rename = "supportsTerminateRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_terminate_request: ::std::option::Option<bool>,
    ///The debug adapter supports the `terminateThreads` request.
    #[serde(
        rename = "supportsTerminateThreadsRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_terminate_threads_request: ::std::option::Option<bool>,
    ///The debug adapter supports a `format` attribute on the `stackTrace`, `variables`, and `evaluate` requests.
    #[serde(
        rename = "supportsValueFormattingOptions",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_value_formatting_options: ::std::option::Option<bool>,
    ///The debug adapter supports the `writeMemory` request.
    #[serde(
        rename = "supportsWriteMemoryRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_write_memory_request: ::std::option::Option<bool>,
}
///The checksum of an item calculated by the specified algorithm.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Checksum {
    ///The algorithm used to calculate this checksum.
    pub algorithm: ChecksumAlgorithm,
    ///Value of the checksum, encoded as a hexadecimal value.
    pub checksum: ::std::string::String,
}
///Names of checksum algorithms that may be supported by a debug adapter.
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ChecksumAlgorithm {
    #[serde(rename = "MD5")]
    Md5,
    #[serde(rename = "SHA1")]
    Sha1,
    #[serde(rename = "SHA256")]
    Sha256,
    #[serde(rename = "timestamp")]
    Timestamp,
}
impl ::std::fmt::Display for ChecksumAlgorithm {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Md5 => f.write_str("MD5"),
            Self::Sha1 => f.write_str("SHA1"),
            Self::Sha256 => f.write_str("SHA256"),
            Self::Timestamp => f.write_str("timestamp"),
        }
    }
}
impl ::std::str::FromStr for ChecksumAlgorithm {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "MD5" => Ok(Self::Md5),
            "SHA1" => Ok(Self::Sha1),
            "SHA256" => Ok(Self::Sha256),
            "timestamp" => Ok(Self::Timestamp),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ChecksumAlgorithm {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ChecksumAlgorithm {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
/**A `ColumnDescriptor` specifies what module attribute to show in a column of the modules view, how to format it,
and what the column's label should be.
It is only used if the underlying UI actually supports this level of customization.*/
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ColumnDescriptor {
    ///Name of the attribute rendered in this column.
    #[serde(rename = "attributeName")]
    pub attribute_name: ::std::string::String,
    ///Format to use for the rendered values in this column. TBD how the format strings looks like.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub format: ::std::option::Option<::std::string::String>,
    ///Header UI label of column.
    pub label: ::std::string::String,
    ///Datatype of values in this column. Defaults to `string` if not specified.
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<ColumnDescriptorType>,
    ///Width of this column in characters (hint only).
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub width: ::std::option::Option<i64>,
}
///Datatype of values in this column. Defaults to `string` if not specified.
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ColumnDescriptorType {
    #[serde(rename = "string")]
    String,
    #[serde(rename = "number")]
    Number,
    #[serde(rename = "boolean")]
    Boolean,
    #[serde(rename = "unixTimestampUTC")]
    UnixTimestampUtc,
}
impl ::std::fmt::Display for ColumnDescriptorType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::UnixTimestampUtc => f.write_str("unixTimestampUTC"),
        }
    }
}
impl ::std::str::FromStr for ColumnDescriptorType {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "string" => Ok(Self::String),
            "number" => Ok(Self::Number),
            "boolean" => Ok(Self::Boolean),
            "unixTimestampUTC" => Ok(Self::UnixTimestampUtc),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ColumnDescriptorType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ColumnDescriptorType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`CompletionItems` are the suggestions returned from the `completions` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct CompletionItem {
    ///A human-readable string with additional information about this item, like type or symbol information.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub detail: ::std::option::Option<::std::string::String>,
    ///The label of this completion item. By default this is also the text that is inserted when selecting this completion.
    pub label: ::std::string::String,
    ///Length determines how many characters are overwritten by the completion text and it is measured in UTF-16 code units. If missing the value 0 is assumed which results in the completion text being inserted.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub length: ::std::option::Option<i64>,
    ///Determines the length of the new selection after the text has been inserted (or replaced) and it is measured in UTF-16 code units. The selection can not extend beyond the bounds of the completion text. If omitted the length is assumed to be 0.
    #[serde(
        rename = "selectionLength",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub selection_length: ::std::option::Option<i64>,
    ///Determines the start of the new selection after the text has been inserted (or replaced). `selectionStart` is measured in UTF-16 code units and must be in the range 0 and length of the completion text. If omitted the selection starts at the end of the completion text.
    #[serde(
        rename = "selectionStart",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub selection_start: ::std::option::Option<i64>,
    ///A string that should be used when comparing this item with other items. If not returned or an empty string, the `label` is used instead.
    #[serde(rename = "sortText", skip_serializing_if = "::std::option::Option::is_none")]
    pub sort_text: ::std::option::Option<::std::string::String>,
    ///Start position (within the `text` attribute of the `completions` request) where the completion text is added. The position is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based. If the start position is omitted the text is added at the location specified by the `column` attribute of the `completions` request.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub start: ::std::option::Option<i64>,
    ///If text is returned and not an empty string, then it is inserted instead of the label.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub text: ::std::option::Option<::std::string::String>,
    ///The item's type. Typically the client uses this information to render the item in the UI with an icon.
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<CompletionItemType>,
}
///Some predefined types for the CompletionItem. Please note that not all clients have specific icons for all of them.
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum CompletionItemType {
    #[serde(rename = "method")]
    Method,
    #[serde(rename = "function")]
    Function,
    #[serde(rename = "constructor")]
    Constructor,
    #[serde(rename = "field")]
    Field,
    #[serde(rename = "variable")]
    Variable,
    #[serde(rename = "class")]
    Class,
    #[serde(rename = "interface")]
    Interface,
    #[serde(rename = "module")]
    Module,
    #[serde(rename = "property")]
    Property,
    #[serde(rename = "unit")]
    Unit,
    #[serde(rename = "value")]
    Value,
    #[serde(rename = "enum")]
    Enum,
    #[serde(rename = "keyword")]
    Keyword,
    #[serde(rename = "snippet")]
    Snippet,
    #[serde(rename = "text")]
    Text,
    #[serde(rename = "color")]
    Color,
    #[serde(rename = "file")]
    File,
    #[serde(rename = "reference")]
    Reference,
    #[serde(rename = "customcolor")]
    Customcolor,
}
impl ::std::fmt::Display for CompletionItemType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Method => f.write_str("method"),
            Self::Function => f.write_str("function"),
            Self::Constructor => f.write_str("constructor"),
            Self::Field => f.write_str("field"),
            Self::Variable => f.write_str("variable"),
            Self::Class => f.write_str("class"),
            Self::Interface => f.write_str("interface"),
            Self::Module => f.write_str("module"),
            Self::Property => f.write_str("property"),
            Self::Unit => f.write_str("unit"),
            Self::Value => f.write_str("value"),
            Self::Enum => f.write_str("enum"),
            Self::Keyword => f.write_str("keyword"),
            Self::Snippet => f.write_str("snippet"),
            Self::Text => f.write_str("text"),
            Self::Color => f.write_str("color"),
            Self::File => f.write_str("file"),
            Self::Reference => f.write_str("reference"),
            Self::Customcolor => f.write_str("customcolor"),
        }
    }
}
impl ::std::str::FromStr for CompletionItemType {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "method" => Ok(Self::Method),
            "function" => Ok(Self::Function),
            "constructor" => Ok(Self::Constructor),
            "field" => Ok(Self::Field),
            "variable" => Ok(Self::Variable),
            "class" => Ok(Self::Class),
            "interface" => Ok(Self::Interface),
            "module" => Ok(Self::Module),
            "property" => Ok(Self::Property),
            "unit" => Ok(Self::Unit),
            "value" => Ok(Self::Value),
            "enum" => Ok(Self::Enum),
            "keyword" => Ok(Self::Keyword),
            "snippet" => Ok(Self::Snippet),
            "text" => Ok(Self::Text),
            "color" => Ok(Self::Color),
            "file" => Ok(Self::File),
            "reference" => Ok(Self::Reference),
            "customcolor" => Ok(Self::Customcolor),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for CompletionItemType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for CompletionItemType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///Arguments for `completions` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct CompletionsArguments {
    ///The position within `text` for which to determine the completion proposals. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    pub column: i64,
    ///Returns completions in the scope of this stack frame. If not specified, the completions are returned for the global scope.
    #[serde(rename = "frameId", skip_serializing_if = "::std::option::Option::is_none")]
    pub frame_id: ::std::option::Option<i64>,
    ///A line for which to determine the completion proposals. If missing the first line of the text is assumed.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub line: ::std::option::Option<i64>,
    ///One or more source lines. Typically this is the text users have typed into the debug console before they asked for completion.
    pub text: ::std::string::String,
}
///`CompletionsBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct CompletionsBody {
    ///The possible completions for .
    pub targets: ::std::vec::Vec<CompletionItem>,
}
///Arguments for `evaluate` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct EvaluateArguments {
    ///The context in which the evaluate request is used.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub context: ::std::option::Option<::std::string::String>,
    ///The expression to evaluate.
    pub expression: ::std::string::String,
    /**Specifies details on how to format the result.
The attribute is only honored by a debug adapter if the corresponding capability `supportsValueFormattingOptions` is true.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub format: ::std::option::Option<ValueFormat>,
    ///Evaluate the expression in the scope of this stack frame. If not specified, the expression is evaluated in the global scope.
    #[serde(rename = "frameId", skip_serializing_if = "::std::option::Option::is_none")]
    pub frame_id: ::std::option::Option<i64>,
}
///`EvaluateBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct EvaluateBody {
    /**The number of indexed child variables.
The client can use this information to present the variables in a paged UI and fetch them in chunks.
The value should be less than or equal to 2147483647 (2^31-1).*/
    #[serde(
        rename = "indexedVariables",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub indexed_variables: ::std::option::Option<i64>,
    /**A memory reference to a location appropriate for this result.
For pointer type eval results, this is generally a reference to the memory address contained in the pointer.
This attribute may be returned by a debug adapter if corresponding capability `supportsMemoryReferences` is true.*/
    #[serde(
        rename = "memoryReference",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub memory_reference: ::std::option::Option<::std::string::String>,
    /**The number of named child variables.
The client can use this information to present the variables in a paged UI and fetch them in chunks.
The value should be less than or equal to 2147483647 (2^31-1).*/
    #[serde(
        rename = "namedVariables",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub named_variables: ::std::option::Option<i64>,
    ///Properties of an evaluate result that can be used to determine how to render the result in the UI.
    #[serde(
        rename = "presentationHint",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub presentation_hint: ::std::option::Option<VariablePresentationHint>,
    ///The result of the evaluate request.
    pub result: ::std::string::String,
    /**The type of the evaluate result.
This attribute should only be returned by a debug adapter if the corresponding capability `supportsVariableType` is true.*/
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<::std::string::String>,
    ///If `variablesReference` is > 0, the evaluate result is structured and its children can be retrieved by passing `variablesReference` to the `variables` request as long as execution remains suspended. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(rename = "variablesReference")]
    pub variables_reference: i64,
}
/**This enumeration defines all possible conditions when a thrown exception should result in a break.
never: never breaks,
always: always breaks,
unhandled: breaks when exception unhandled,
userUnhandled: breaks if the exception is not handled by user code.*/
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ExceptionBreakMode {
    #[serde(rename = "never")]
    Never,
    #[serde(rename = "always")]
    Always,
    #[serde(rename = "unhandled")]
    Unhandled,
    #[serde(rename = "userUnhandled")]
    UserUnhandled,
}
impl ::std::fmt::Display for ExceptionBreakMode {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Never => f.write_str("never"),
            Self::Always => f.write_str("always"),
            Self::Unhandled => f.write_str("unhandled"),
            Self::UserUnhandled => f.write_str("userUnhandled"),
        }
    }
}
impl ::std::str::FromStr for ExceptionBreakMode {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "never" => Ok(Self::Never),
            "always" => Ok(Self::Always),
            "unhandled" => Ok(Self::Unhandled),
            "userUnhandled" => Ok(Self::UserUnhandled),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ExceptionBreakMode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ExceptionBreakMode {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///An `ExceptionBreakpointsFilter` is shown in the UI as an filter option for configuring how exceptions are dealt with.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ExceptionBreakpointsFilter {
    ///A help text providing information about the condition. This string is shown as the placeholder text for a text box and can be translated.
    #[serde(
        rename = "conditionDescription",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub condition_description: ::std::option::Option<::std::string::String>,
    ///Initial value of the filter option. If not specified a value false is assumed.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub default: ::std::option::Option<bool>,
    ///A help text providing additional information about the exception filter. This string is typically shown as a hover and can be translated.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub description: ::std::option::Option<::std::string::String>,
    ///The internal ID of the filter option. This value is passed to the `setExceptionBreakpoints` request.
    pub filter: ::std::string::String,
    ///The name of the filter option. This is shown in the UI.
    pub label: ::std::string::String,
    ///Controls whether a condition can be specified for this filter option. If false or missing, a condition can not be set.
    #[serde(
        rename = "supportsCondition",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_condition: ::std::option::Option<bool>,
}
///Detailed information about an exception that has occurred.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct ExceptionDetails {
    ///An expression that can be evaluated in the current scope to obtain the exception object.
    #[serde(
        rename = "evaluateName",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub evaluate_name: ::std::option::Option<::std::string::String>,
    ///Fully-qualified type name of the exception object.
    #[serde(
        rename = "fullTypeName",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub full_type_name: ::std::option::Option<::std::string::String>,
    ///Details of the exception contained by this exception, if any.
    #[serde(
        rename = "innerException",
        default,
        skip_serializing_if = "::std::vec::Vec::is_empty"
    )]
    pub inner_exception: ::std::vec::Vec<ExceptionDetails>,
    ///Message contained in the exception.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub message: ::std::option::Option<::std::string::String>,
    ///Stack trace at the time the exception was thrown.
    #[serde(
        rename = "stackTrace",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub stack_trace: ::std::option::Option<::std::string::String>,
    ///Short type name of the exception object.
    #[serde(rename = "typeName", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_name: ::std::option::Option<::std::string::String>,
}
///Arguments for `exceptionInfo` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ExceptionInfoArguments {
    ///Thread for which exception information should be retrieved.
    #[serde(rename = "threadId")]
    pub thread_id: i64,
}
///`ExceptionInfoBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ExceptionInfoBody {
    ///Mode that caused the exception notification to be raised.
    #[serde(rename = "breakMode")]
    pub break_mode: ExceptionBreakMode,
    ///Descriptive text for the exception.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub description: ::std::option::Option<::std::string::String>,
    ///Detailed information about the exception.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub details: ::std::option::Option<ExceptionDetails>,
    ///ID of the exception that was thrown.
    #[serde(rename = "exceptionId")]
    pub exception_id: ::std::string::String,
}
///`ExitedEventBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ExitedEventBody {
    ///The exit code returned from the debuggee.
    #[serde(rename = "exitCode")]
    pub exit_code: i64,
}
///Arguments for `initialize` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct InitializeRequestArguments {
    ///The ID of the debug adapter.
    #[serde(rename = "adapterID")]
    pub adapter_id: ::std::string::String,
    ///The ID of the client using this adapter.
    #[serde(rename = "clientID", skip_serializing_if = "::std::option::Option::is_none")]
    pub client_id: ::std::option::Option<::std::string::String>,
    ///The human-readable name of the client using this adapter.
    #[serde(
        rename = "clientName",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub client_name: ::std::option::Option<::std::string::String>,
    ///If true all column numbers are 1-based (default).
    #[serde(
        rename = "columnsStartAt1",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub columns_start_at1: ::std::option::Option<bool>,
    ///If true all line numbers are 1-based (default).
    #[serde(
        rename = "linesStartAt1",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub lines_start_at1: ::std::option::Option<bool>,
    ///The ISO-639 locale of the client using this adapter, e.g. en-US or de-CH.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub locale: ::std::option::Option<::std::string::String>,
    ///Determines in what format paths are specified. The default is `path`, which is the native format.
    #[serde(
        rename = "pathFormat",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub path_format: ::std::option::Option<::std::string::String>,
    ///Client supports the `argsCanBeInterpretedByShell` attribute on the `runInTerminal` request.
    #[serde(
        rename = "supportsArgsCanBeInterpretedByShell",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_args_can_be_interpreted_by_shell: ::std::option::Option<bool>,
    ///Client supports the `invalidated` event.
    #[serde(
        rename = "supportsInvalidatedEvent",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_invalidated_event: ::std::option::Option<bool>,
    ///Client supports the `memory` event.
    #[serde(
        rename = "supportsMemoryEvent",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_memory_event: ::std::option::Option<bool>,
    ///Client supports memory references.
    #[serde(
        rename = "supportsMemoryReferences",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_memory_references: ::std::option::Option<bool>,
    ///Client supports progress reporting.
    #[serde(
        rename = "supportsProgressReporting",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_progress_reporting: ::std::option::Option<bool>,
    ///Client supports the `runInTerminal` request.
    #[serde(
        rename = "supportsRunInTerminalRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_run_in_terminal_request: ::std::option::Option<bool>,
    ///Client supports the `startDebugging` request.
    #[serde(
        rename = "supportsStartDebuggingRequest",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_start_debugging_request: ::std::option::Option<bool>,
    ///Client supports the paging of variables.
    #[serde(
        rename = "supportsVariablePaging",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_variable_paging: ::std::option::Option<bool>,
    ///Client supports the `type` attribute for variables.
    #[serde(
        rename = "supportsVariableType",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub supports_variable_type: ::std::option::Option<bool>,
}
///`LoadedSourcesBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct LoadedSourcesBody {
    ///Set of loaded sources.
    pub sources: ::std::vec::Vec<Source>,
}
///A structured message object. Used to return errors from requests.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Message {
    /**A format string for the message. Embedded variables have the form `{name}`.
If variable name starts with an underscore character, the variable does not contain user data (PII) and can be safely used for telemetry purposes.*/
    pub format: ::std::string::String,
    ///Unique (within a debug adapter implementation) identifier for the message. The purpose of these error IDs is to help extension authors that have the requirement that every user visible error message needs a corresponding error number, so that users or customer support can find information about the specific error more easily.
    pub id: i64,
    ///If true send to telemetry.
    #[serde(
        rename = "sendTelemetry",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub send_telemetry: ::std::option::Option<bool>,
    ///If true show user.
    #[serde(rename = "showUser", skip_serializing_if = "::std::option::Option::is_none")]
    pub show_user: ::std::option::Option<bool>,
    ///A url where additional information about this message can be found.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub url: ::std::option::Option<::std::string::String>,
    ///A label that is presented to the user as the UI for opening the url.
    #[serde(rename = "urlLabel", skip_serializing_if = "::std::option::Option::is_none")]
    pub url_label: ::std::option::Option<::std::string::String>,
    ///An object used as a dictionary for looking up the variables in the format string.
    #[serde(default, skip_serializing_if = ":: std :: collections :: HashMap::is_empty")]
    pub variables: ::std::collections::HashMap<
        ::std::string::String,
        ::std::string::String,
    >,
}
/**A Module object represents a row in the modules view.
The `id` attribute identifies a module in the modules view and is used in a `module` event for identifying a module for adding, updating or deleting.
The `name` attribute is used to minimally render the module in the UI.

Additional attributes can be added to the module. They show up in the module view if they have a corresponding `ColumnDescriptor`.

To avoid an unnecessary proliferation of additional attributes with similar semantics but different names, we recommend to re-use attributes from the 'recommended' list below first, and only introduce new attributes if nothing appropriate could be found.*/
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Module {
    ///Address range covered by this module.
    #[serde(
        rename = "addressRange",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub address_range: ::std::option::Option<::std::string::String>,
    ///Module created or modified, encoded as a RFC 3339 timestamp.
    #[serde(
        rename = "dateTimeStamp",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub date_time_stamp: ::std::option::Option<::std::string::String>,
    ///Unique identifier for the module.
    pub id: ModuleId,
    ///True if the module is optimized.
    #[serde(
        rename = "isOptimized",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub is_optimized: ::std::option::Option<bool>,
    ///True if the module is considered 'user code' by a debugger that supports 'Just My Code'.
    #[serde(
        rename = "isUserCode",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub is_user_code: ::std::option::Option<bool>,
    ///A name of the module.
    pub name: ::std::string::String,
    ///Logical full path to the module. The exact definition is implementation defined, but usually this would be a full path to the on-disk file for the module.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub path: ::std::option::Option<::std::string::String>,
    ///Logical full path to the symbol file. The exact definition is implementation defined.
    #[serde(
        rename = "symbolFilePath",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub symbol_file_path: ::std::option::Option<::std::string::String>,
    ///User-understandable description of if symbols were found for the module (ex: 'Symbols Loaded', 'Symbols not found', etc.)
    #[serde(
        rename = "symbolStatus",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub symbol_status: ::std::option::Option<::std::string::String>,
    ///Version of Module.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub version: ::std::option::Option<::std::string::String>,
}
///Unique identifier for the module.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
#[serde(untagged)]
pub enum ModuleId {
    Integer(i64),
    String(::std::string::String),
}
impl ::std::fmt::Display for ModuleId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match self {
            Self::Integer(x) => x.fmt(f),
            Self::String(x) => x.fmt(f),
        }
    }
}
impl ::std::convert::From<i64> for ModuleId {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
///Arguments for `modules` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct ModulesArguments {
    ///The number of modules to return. If `moduleCount` is not specified or 0, all modules are returned.
    #[serde(
        rename = "moduleCount",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub module_count: ::std::option::Option<i64>,
    ///The index of the first module to return; if omitted modules start at 0.
    #[serde(
        rename = "startModule",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub start_module: ::std::option::Option<i64>,
}
///`ModulesBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ModulesBody {
    ///All modules or range of modules.
    pub modules: ::std::vec::Vec<Module>,
    ///The total number of modules available.
    #[serde(
        rename = "totalModules",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub total_modules: ::std::option::Option<i64>,
}
///`OutputEventBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct OutputEventBody {
    ///The output category. If not specified or if the category is not understood by the client, `console` is assumed.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub category: ::std::option::Option<::std::string::String>,
    ///The position in `line` where the output was produced. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub column: ::std::option::Option<i64>,
    ///Additional data to report. For the `telemetry` category the data is sent to telemetry, for the other categories the data is shown in JSON format.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub data: ::std::option::Option<::serde_json::Value>,
    ///Support for keeping an output log organized by grouping related messages.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub group: ::std::option::Option<OutputEventBodyGroup>,
    ///The source location's line where the output was produced.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub line: ::std::option::Option<i64>,
    ///The output to report.
    pub output: ::std::string::String,
    ///The source location where the output was produced.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<Source>,
    ///If an attribute `variablesReference` exists and its value is > 0, the output contains objects which can be retrieved by passing `variablesReference` to the `variables` request as long as execution remains suspended. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(
        rename = "variablesReference",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub variables_reference: ::std::option::Option<i64>,
}
///Support for keeping an output log organized by grouping related messages.
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum OutputEventBodyGroup {
    #[serde(rename = "start")]
    Start,
    #[serde(rename = "startCollapsed")]
    StartCollapsed,
    #[serde(rename = "end")]
    End,
}
impl ::std::fmt::Display for OutputEventBodyGroup {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Start => f.write_str("start"),
            Self::StartCollapsed => f.write_str("startCollapsed"),
            Self::End => f.write_str("end"),
        }
    }
}
impl ::std::str::FromStr for OutputEventBodyGroup {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "start" => Ok(Self::Start),
            "startCollapsed" => Ok(Self::StartCollapsed),
            "end" => Ok(Self::End),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for OutputEventBodyGroup {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for OutputEventBodyGroup {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///Arguments for `readMemory` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ReadMemoryArguments {
    ///Number of bytes to read at the specified location and offset.
    pub count: i64,
    ///Memory reference to the base location from which data should be read.
    #[serde(rename = "memoryReference")]
    pub memory_reference: ::std::string::String,
    ///Offset (in bytes) to be applied to the reference location before reading data. Can be negative.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub offset: ::std::option::Option<i64>,
}
///`ReadMemoryBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ReadMemoryBody {
    /**The address of the first byte of data returned.
Treated as a hex value if prefixed with `0x`, or as a decimal value otherwise.*/
    pub address: ::std::string::String,
    ///The bytes read from memory, encoded using base64. If the decoded length of `data` is less than the requested `count` in the original `readMemory` request, and `unreadableBytes` is zero or omitted, then the client should assume it's reached the end of readable memory.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub data: ::std::option::Option<::std::string::String>,
    /**The number of unreadable bytes encountered after the last successfully read byte.
This can be used to determine the number of bytes that should be skipped before a subsequent `readMemory` request succeeds.*/
    #[serde(
        rename = "unreadableBytes",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub unreadable_bytes: ::std::option::Option<i64>,
}
///A `Scope` is a named container for variables. Optionally a scope can map to a source or a range within a source.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Scope {
    ///Start position of the range covered by the scope. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub column: ::std::option::Option<i64>,
    ///End position of the range covered by the scope. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(
        rename = "endColumn",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub end_column: ::std::option::Option<i64>,
    ///The end line of the range covered by this scope.
    #[serde(rename = "endLine", skip_serializing_if = "::std::option::Option::is_none")]
    pub end_line: ::std::option::Option<i64>,
    ///If true, the number of variables in this scope is large or expensive to retrieve.
    pub expensive: bool,
    /**The number of indexed variables in this scope.
The client can use this information to present the variables in a paged UI and fetch them in chunks.*/
    #[serde(
        rename = "indexedVariables",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub indexed_variables: ::std::option::Option<i64>,
    ///The start line of the range covered by this scope.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub line: ::std::option::Option<i64>,
    ///Name of the scope such as 'Arguments', 'Locals', or 'Registers'. This string is shown in the UI as is and can be translated.
    pub name: ::std::string::String,
    /**The number of named variables in this scope.
The client can use this information to present the variables in a paged UI and fetch them in chunks.*/
    #[serde(
        rename = "namedVariables",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub named_variables: ::std::option::Option<i64>,
    ///A hint for how to present this scope in the UI. If this attribute is missing, the scope is shown with a generic UI.
    #[serde(
        rename = "presentationHint",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub presentation_hint: ::std::option::Option<::std::string::String>,
    ///The source for this scope.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<Source>,
    ///The variables of this scope can be retrieved by passing the value of `variablesReference` to the `variables` request as long as execution remains suspended. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(rename = "variablesReference")]
    pub variables_reference: i64,
}
///Arguments for `scopes` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ScopesArguments {
    ///Retrieve the scopes for the stack frame identified by `frameId`. The `frameId` must have been obtained in the current suspended state. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(rename = "frameId")]
    pub frame_id: i64,
}
///`ScopesBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ScopesBody {
    ///The scopes of the stack frame. If the array has length zero, there are no scopes available.
    pub scopes: ::std::vec::Vec<Scope>,
}
///Arguments for `setBreakpoints` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct SetBreakpointsArguments {
    ///The code locations of the breakpoints.
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub breakpoints: ::std::vec::Vec<SourceBreakpoint>,
    ///Deprecated: The code locations of the breakpoints.
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub lines: ::std::vec::Vec<i64>,
    ///The source location of the breakpoints; either `source.path` or `source.sourceReference` must be specified.
    pub source: Source,
    ///A value of true indicates that the underlying source has been modified which results in new breakpoint locations.
    #[serde(
        rename = "sourceModified",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub source_modified: ::std::option::Option<bool>,
}
///`SetBreakpointsBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct SetBreakpointsBody {
    /**Information about the breakpoints.
The array elements are in the same order as the elements of the `breakpoints` (or the deprecated `lines`) array in the arguments.*/
    pub breakpoints: ::std::vec::Vec<Breakpoint>,
}
/**A `Source` is a descriptor for source code.
It is returned from the debug adapter as part of a `StackFrame` and it is used by clients when specifying breakpoints.*/
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Source {
    /**Additional data that a debug adapter might want to loop through the client.
The client should leave the data intact and persist it across sessions. The client should not interpret the data.*/
    #[serde(
        rename = "adapterData",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub adapter_data: ::std::option::Option<::serde_json::Value>,
    ///The checksums associated with this file.
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub checksums: ::std::vec::Vec<Checksum>,
    /**The short name of the source. Every source returned from the debug adapter has a name.
When sending a source to the debug adapter this name is optional.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<::std::string::String>,
    ///The origin of this source. For example, 'internal module', 'inlined content from source map', etc.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub origin: ::std::option::Option<::std::string::String>,
    /**The path of the source to be shown in the UI.
It is only used to locate and load the content of the source if no `sourceReference` is specified (or its value is 0).*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub path: ::std::option::Option<::std::string::String>,
    /**A hint for how to present the source in the UI.
A value of `deemphasize` can be used to indicate that the source is not available or that it is skipped on stepping.*/
    #[serde(
        rename = "presentationHint",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub presentation_hint: ::std::option::Option<SourcePresentationHint>,
    /**If the value > 0 the contents of the source must be retrieved through the `source` request (even if a path is specified).
Since a `sourceReference` is only valid for a session, it can not be used to persist a source.
The value should be less than or equal to 2147483647 (2^31-1).*/
    #[serde(
        rename = "sourceReference",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub source_reference: ::std::option::Option<i64>,
    ///A list of sources that are related to this source. These may be the source that generated this source.
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub sources: ::std::vec::Vec<Source>,
}
///Arguments for `source` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct SourceArguments {
    ///Specifies the source content to load. Either `source.path` or `source.sourceReference` must be specified.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<Source>,
    /**The reference to the source. This is the same as `source.sourceReference`.
This is provided for backward compatibility since old clients do not understand the `source` attribute.*/
    #[serde(rename = "sourceReference")]
    pub source_reference: i64,
}
///`SourceBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct SourceBody {
    ///Content of the source reference.
    pub content: ::std::string::String,
    ///Content type (MIME type) of the source.
    #[serde(rename = "mimeType", skip_serializing_if = "::std::option::Option::is_none")]
    pub mime_type: ::std::option::Option<::std::string::String>,
}
///Properties of a breakpoint or logpoint passed to the `setBreakpoints` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct SourceBreakpoint {
    ///Start position within source line of the breakpoint or logpoint. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub column: ::std::option::Option<i64>,
    /**The expression for conditional breakpoints.
It is only honored by a debug adapter if the corresponding capability `supportsConditionalBreakpoints` is true.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub condition: ::std::option::Option<::std::string::String>,
    /**The expression that controls how many hits of the breakpoint are ignored.
The debug adapter is expected to interpret the expression as needed.
The attribute is only honored by a debug adapter if the corresponding capability `supportsHitConditionalBreakpoints` is true.
If both this property and `condition` are specified, `hitCondition` should be evaluated only if the `condition` is met, and the debug adapter should stop only if both conditions are met.*/
    #[serde(
        rename = "hitCondition",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub hit_condition: ::std::option::Option<::std::string::String>,
    ///The source line of the breakpoint or logpoint.
    pub line: i64,
    /**If this attribute exists and is non-empty, the debug adapter must not 'break' (stop)
but log the message instead. Expressions within `{}` are interpolated.
The attribute is only honored by a debug adapter if the corresponding capability `supportsLogPoints` is true.
If either `hitCondition` or `condition` is specified, then the message should only be logged if those conditions are met.*/
    #[serde(
        rename = "logMessage",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub log_message: ::std::option::Option<::std::string::String>,
}
/**A hint for how to present the source in the UI.
A value of `deemphasize` can be used to indicate that the source is not available or that it is skipped on stepping.*/
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum SourcePresentationHint {
    #[serde(rename = "normal")]
    Normal,
    #[serde(rename = "emphasize")]
    Emphasize,
    #[serde(rename = "deemphasize")]
    Deemphasize,
}
impl ::std::fmt::Display for SourcePresentationHint {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Normal => f.write_str("normal"),
            Self::Emphasize => f.write_str("emphasize"),
            Self::Deemphasize => f.write_str("deemphasize"),
        }
    }
}
impl ::std::str::FromStr for SourcePresentationHint {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "normal" => Ok(Self::Normal),
            "emphasize" => Ok(Self::Emphasize),
            "deemphasize" => Ok(Self::Deemphasize),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for SourcePresentationHint {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for SourcePresentationHint {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///A Stackframe contains the source location.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct StackFrame {
    ///Indicates whether this frame can be restarted with the `restart` request. Clients should only use this if the debug adapter supports the `restart` request and the corresponding capability `supportsRestartRequest` is true. If a debug adapter has this capability, then `canRestart` defaults to `true` if the property is absent.
    #[serde(
        rename = "canRestart",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub can_restart: ::std::option::Option<bool>,
    ///Start position of the range covered by the stack frame. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based. If attribute `source` is missing or doesn't exist, `column` is 0 and should be ignored by the client.
    pub column: i64,
    ///End position of the range covered by the stack frame. It is measured in UTF-16 code units and the client capability `columnsStartAt1` determines whether it is 0- or 1-based.
    #[serde(
        rename = "endColumn",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub end_column: ::std::option::Option<i64>,
    ///The end line of the range covered by the stack frame.
    #[serde(rename = "endLine", skip_serializing_if = "::std::option::Option::is_none")]
    pub end_line: ::std::option::Option<i64>,
    /**An identifier for the stack frame. It must be unique across all threads.
This id can be used to retrieve the scopes of the frame with the `scopes` request or to restart the execution of a stack frame.*/
    pub id: i64,
    ///A memory reference for the current instruction pointer in this frame.
    #[serde(
        rename = "instructionPointerReference",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub instruction_pointer_reference: ::std::option::Option<::std::string::String>,
    ///The line within the source of the frame. If the source attribute is missing or doesn't exist, `line` is 0 and should be ignored by the client.
    pub line: i64,
    ///The module associated with this frame, if any.
    #[serde(rename = "moduleId", skip_serializing_if = "::std::option::Option::is_none")]
    pub module_id: ::std::option::Option<StackFrameModuleId>,
    ///The name of the stack frame, typically a method name.
    pub name: ::std::string::String,
    /**A hint for how to present this frame in the UI.
A value of `label` can be used to indicate that the frame is an artificial frame that is used as a visual label or separator. A value of `subtle` can be used to change the appearance of a frame in a 'subtle' way.*/
    #[serde(
        rename = "presentationHint",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub presentation_hint: ::std::option::Option<StackFramePresentationHint>,
    ///The source of the frame.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<Source>,
}
///`StackFrameFormat`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct StackFrameFormat {
    ///Display the value in hex.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub hex: ::std::option::Option<bool>,
    ///Includes all stack frames, including those the debug adapter might otherwise hide.
    #[serde(
        rename = "includeAll",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub include_all: ::std::option::Option<bool>,
    ///Displays the line number of the stack frame.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub line: ::std::option::Option<bool>,
    ///Displays the module of the stack frame.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub module: ::std::option::Option<bool>,
    ///Displays the names of parameters for the stack frame.
    #[serde(
        rename = "parameterNames",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub parameter_names: ::std::option::Option<bool>,
    ///Displays the types of parameters for the stack frame.
    #[serde(
        rename = "parameterTypes",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub parameter_types: ::std::option::Option<bool>,
    ///Displays the values of parameters for the stack frame.
    #[serde(
        rename = "parameterValues",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub parameter_values: ::std::option::Option<bool>,
    ///Displays parameters for the stack frame.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub parameters: ::std::option::Option<bool>,
}
///The module associated with this frame, if any.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
#[serde(untagged)]
pub enum StackFrameModuleId {
    Integer(i64),
    String(::std::string::String),
}
impl ::std::fmt::Display for StackFrameModuleId {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match self {
            Self::Integer(x) => x.fmt(f),
            Self::String(x) => x.fmt(f),
        }
    }
}
impl ::std::convert::From<i64> for StackFrameModuleId {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
/**A hint for how to present this frame in the UI.
A value of `label` can be used to indicate that the frame is an artificial frame that is used as a visual label or separator. A value of `subtle` can be used to change the appearance of a frame in a 'subtle' way.*/
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum StackFramePresentationHint {
    #[serde(rename = "normal")]
    Normal,
    #[serde(rename = "label")]
    Label,
    #[serde(rename = "subtle")]
    Subtle,
}
impl ::std::fmt::Display for StackFramePresentationHint {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Normal => f.write_str("normal"),
            Self::Label => f.write_str("label"),
            Self::Subtle => f.write_str("subtle"),
        }
    }
}
impl ::std::str::FromStr for StackFramePresentationHint {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "normal" => Ok(Self::Normal),
            "label" => Ok(Self::Label),
            "subtle" => Ok(Self::Subtle),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for StackFramePresentationHint {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for StackFramePresentationHint {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///Arguments for `stackTrace` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct StackTraceArguments {
    /**Specifies details on how to format the stack frames.
The attribute is only honored by a debug adapter if the corresponding capability `supportsValueFormattingOptions` is true.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub format: ::std::option::Option<StackFrameFormat>,
    ///The maximum number of frames to return. If levels is not specified or 0, all frames are returned.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub levels: ::std::option::Option<i64>,
    ///The index of the first frame to return; if omitted frames start at 0.
    #[serde(
        rename = "startFrame",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub start_frame: ::std::option::Option<i64>,
    ///Retrieve the stacktrace for this thread.
    #[serde(rename = "threadId")]
    pub thread_id: i64,
}
///`StackTraceBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct StackTraceBody {
    /**The frames of the stack frame. If the array has length zero, there are no stack frames available.
This means that there is no location information available.*/
    #[serde(rename = "stackFrames")]
    pub stack_frames: ::std::vec::Vec<StackFrame>,
    ///The total number of frames available in the stack. If omitted or if `totalFrames` is larger than the available frames, a client is expected to request frames until a request returns less frames than requested (which indicates the end of the stack). Returning monotonically increasing `totalFrames` values for subsequent requests can be used to enforce paging in the client.
    #[serde(
        rename = "totalFrames",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub total_frames: ::std::option::Option<i64>,
}
///`StoppedEventBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct StoppedEventBody {
    /**If `allThreadsStopped` is true, a debug adapter can announce that all threads have stopped.
- The client should use this information to enable that all threads can be expanded to access their stacktraces.
- If the attribute is missing or false, only the thread with the given `threadId` can be expanded.*/
    #[serde(
        rename = "allThreadsStopped",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub all_threads_stopped: ::std::option::Option<bool>,
    ///The full reason for the event, e.g. 'Paused on exception'. This string is shown in the UI as is and can be translated.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub description: ::std::option::Option<::std::string::String>,
    /**Ids of the breakpoints that triggered the event. In most cases there is only a single breakpoint but here are some examples for multiple breakpoints:
- Different types of breakpoints map to the same location.
- Multiple source breakpoints get collapsed to the same instruction by the compiler/runtime.
- Multiple function breakpoints with different function names map to the same location.*/
    #[serde(
        rename = "hitBreakpointIds",
        default,
        skip_serializing_if = "::std::vec::Vec::is_empty"
    )]
    pub hit_breakpoint_ids: ::std::vec::Vec<i64>,
    ///A value of true hints to the client that this event should not change the focus.
    #[serde(
        rename = "preserveFocusHint",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub preserve_focus_hint: ::std::option::Option<bool>,
    /**The reason for the event.
For backward compatibility this string is shown in the UI if the `description` attribute is missing (but it must not be translated).*/
    pub reason: ::std::string::String,
    ///Additional information. E.g. if reason is `exception`, text contains the exception name. This string is shown in the UI.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub text: ::std::option::Option<::std::string::String>,
    ///The thread which was stopped.
    #[serde(rename = "threadId", skip_serializing_if = "::std::option::Option::is_none")]
    pub thread_id: ::std::option::Option<i64>,
}
///A Thread
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Thread {
    ///Unique identifier for the thread.
    pub id: i64,
    ///The name of the thread.
    pub name: ::std::string::String,
}
///`ThreadsBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ThreadsBody {
    ///All threads.
    pub threads: ::std::vec::Vec<Thread>,
}
///Provides formatting information for a value.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct ValueFormat {
    ///Display the value in hex.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub hex: ::std::option::Option<bool>,
}
/**A Variable is a name/value pair.
The `type` attribute is shown if space permits or when hovering over the variable's name.
The `kind` attribute is used to render additional properties of the variable, e.g. different icons can be used to indicate that a variable is public or private.
If the value is structured (has children), a handle is provided to retrieve the children with the `variables` request.
If the number of named or indexed children is large, the numbers should be returned via the `namedVariables` and `indexedVariables` attributes.
The client can use this information to present the children in a paged UI and fetch them in chunks.*/
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Variable {
    ///The evaluatable name of this variable which can be passed to the `evaluate` request to fetch the variable's value.
    #[serde(
        rename = "evaluateName",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub evaluate_name: ::std::option::Option<::std::string::String>,
    /**The number of indexed child variables.
The client can use this information to present the children in a paged UI and fetch them in chunks.*/
    #[serde(
        rename = "indexedVariables",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub indexed_variables: ::std::option::Option<i64>,
    /**A memory reference associated with this variable.
For pointer type variables, this is generally a reference to the memory address contained in the pointer.
For executable data, this reference may later be used in a `disassemble` request.
This attribute may be returned by a debug adapter if corresponding capability `supportsMemoryReferences` is true.*/
    #[serde(
        rename = "memoryReference",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub memory_reference: ::std::option::Option<::std::string::String>,
    ///The variable's name.
    pub name: ::std::string::String,
    /**The number of named child variables.
The client can use this information to present the children in a paged UI and fetch them in chunks.*/
    #[serde(
        rename = "namedVariables",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub named_variables: ::std::option::Option<i64>,
    ///Properties of a variable that can be used to determine how to render the variable in the UI.
    #[serde(
        rename = "presentationHint",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub presentation_hint: ::std::option::Option<VariablePresentationHint>,
    /**The type of the variable's value. Typically shown in the UI when hovering over the value.
This attribute should only be returned by a debug adapter if the corresponding capability `supportsVariableType` is true.*/
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<::std::string::String>,
    /**The variable's value.
This can be a multi-line text, e.g. for a function the body of a function.
For structured variables (which do not have a simple value), it is recommended to provide a one-line representation of the structured object. This helps to identify the structured object in the collapsed state when its children are not yet visible.
An empty string can be used if no value should be shown in the UI.*/
    pub value: ::std::string::String,
    ///If `variablesReference` is > 0, the variable is structured and its children can be retrieved by passing `variablesReference` to the `variables` request as long as execution remains suspended. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(rename = "variablesReference")]
    pub variables_reference: i64,
}
///Properties of a variable that can be used to determine how to render the variable in the UI.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct VariablePresentationHint {
    ///Set of attributes represented as an array of strings. Before introducing additional values, try to use the listed values.
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub attributes: ::std::vec::Vec<::std::string::String>,
    ///The kind of variable. Before introducing additional values, try to use the listed values.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub kind: ::std::option::Option<::std::string::String>,
    /**If true, clients can present the variable with a UI that supports a specific gesture to trigger its evaluation.
This mechanism can be used for properties that require executing code when retrieving their value and where the code execution can be expensive and/or produce side-effects. A typical example are properties based on a getter function.
Please note that in addition to the `lazy` flag, the variable's `variablesReference` is expected to refer to a variable that will provide the value through another `variable` request.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub lazy: ::std::option::Option<bool>,
    ///Visibility of variable. Before introducing additional values, try to use the listed values.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub visibility: ::std::option::Option<::std::string::String>,
}
///Arguments for `variables` request.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct VariablesArguments {
    /**The number of variables to return. If count is missing or 0, all variables are returned.
The attribute is only honored by a debug adapter if the corresponding capability `supportsVariablePaging` is true.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub count: ::std::option::Option<i64>,
    ///Filter to limit the child variables to either named or indexed. If omitted, both types are fetched.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub filter: ::std::option::Option<VariablesArgumentsFilter>,
    /**Specifies details on how to format the Variable values.
The attribute is only honored by a debug adapter if the corresponding capability `supportsValueFormattingOptions` is true.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub format: ::std::option::Option<ValueFormat>,
    /**The index of the first variable to return; if omitted children start at 0.
The attribute is only honored by a debug adapter if the corresponding capability `supportsVariablePaging` is true.*/
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub start: ::std::option::Option<i64>,
    ///The variable for which to retrieve its children. The `variablesReference` must have been obtained in the current suspended state. See 'Lifetime of Object References' in the Overview section for details.
    #[serde(rename = "variablesReference")]
    pub variables_reference: i64,
}
///Filter to limit the child variables to either named or indexed. If omitted, both types are fetched.
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum VariablesArgumentsFilter {
    #[serde(rename = "indexed")]
    Indexed,
    #[serde(rename = "named")]
    Named,
}
impl ::std::fmt::Display for VariablesArgumentsFilter {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Indexed => f.write_str("indexed"),
            Self::Named => f.write_str("named"),
        }
    }
}
impl ::std::str::FromStr for VariablesArgumentsFilter {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "indexed" => Ok(Self::Indexed),
            "named" => Ok(Self::Named),
            _ => Err("invalid value".into()),
        }
    }
}
impl ::std::convert::TryFrom<&str> for VariablesArgumentsFilter {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for VariablesArgumentsFilter {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///`VariablesBody`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct VariablesBody {
    ///All (or a range) of variables for the given variable reference.
    pub variables: ::std::vec::Vec<Variable>,
}
/// Error types.
pub mod error {
    /// Error from a `TryFrom` or `FromStr` implementation.
    pub struct ConversionError(::std::borrow::Cow<'static, str>);
    impl ::std::error::Error for ConversionError {}
    impl ::std::fmt::Display for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Display::fmt(&self.0, f)
        }
    }
    impl ::std::fmt::Debug for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Debug::fmt(&self.0, f)
        }
    }
    impl From<&'static str> for ConversionError {
        fn from(value: &'static str) -> Self {
            Self(value.into())
        }
    }
    impl From<String> for ConversionError {
        fn from(value: String) -> Self {
            Self(value.into())
        }
    }
}
