// Generated from contracts/*.sol by `npm run generate`. Not edited by hand.

export const reserveBuild = {
  "compiler": "0.8.37+commit.f401782d.Emscripten.clang",
  "settings": {
    "viaIR": true,
    "evmVersion": "osaka",
    "optimizer": {
      "enabled": true,
      "runs": 10000
    },
    "metadata": {
      "bytecodeHash": "none",
      "appendCBOR": false
    }
  },
  "sourceHash": "0x212bade6c419a5359024ec66590d261e9c38f5a30fc8d0a835af0016997bc3a8"
} as const;

export const reserveAbi = [
  {
    "inputs": [
      {
        "internalType": "bytes",
        "name": "committee",
        "type": "bytes"
      },
      {
        "internalType": "bytes32",
        "name": "identityHash",
        "type": "bytes32"
      },
      {
        "internalType": "uint64",
        "name": "epoch_",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "exitDelay_",
        "type": "uint64"
      },
      {
        "internalType": "bytes32",
        "name": "randomness",
        "type": "bytes32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "BalanceTooLarge",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "readyAt",
        "type": "uint64"
      }
    ],
    "name": "ExitAlreadyRequested",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint64",
        "name": "readyAt",
        "type": "uint64"
      }
    ],
    "name": "ExitNotReady",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ExitNotRequested",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "InvalidAccount",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidCommittee",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      }
    ],
    "name": "NotToken",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "NothingArrived",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "NothingOwed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "Reentered",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "TokenRefused",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "WrongCommittee",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint64",
        "name": "index",
        "type": "uint64"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint64",
        "name": "amount",
        "type": "uint64"
      }
    ],
    "name": "Deposited",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "ExitCancelled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint64",
        "name": "readyAt",
        "type": "uint64"
      }
    ],
    "name": "ExitRequested",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amount",
        "type": "uint256"
      }
    ],
    "name": "Exited",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "recipient",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amount",
        "type": "uint256"
      }
    ],
    "name": "Owed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "enum Outcome",
        "name": "reason",
        "type": "uint8"
      }
    ],
    "name": "PassedOver",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "recipient",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amount",
        "type": "uint256"
      }
    ],
    "name": "Released",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "bytes32",
        "name": "value",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint64",
        "name": "sequence",
        "type": "uint64"
      }
    ],
    "name": "Settled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "name": "Stopped",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      }
    ],
    "name": "balance",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      }
    ],
    "name": "cancelExit",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "committeeHash",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "deploymentBlock",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "uint64",
        "name": "amount",
        "type": "uint64"
      }
    ],
    "name": "deposit",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "index",
        "type": "uint64"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "depositCount",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "domainSeparator",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "epoch",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      }
    ],
    "name": "exit",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "amount",
        "type": "uint256"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "exitDelay",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      }
    ],
    "name": "exitReadyAt",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "uint8",
            "name": "kind",
            "type": "uint8"
          },
          {
            "internalType": "address",
            "name": "sender",
            "type": "address"
          },
          {
            "internalType": "address",
            "name": "recipient",
            "type": "address"
          },
          {
            "internalType": "address",
            "name": "asset",
            "type": "address"
          },
          {
            "internalType": "uint64",
            "name": "amount",
            "type": "uint64"
          },
          {
            "internalType": "uint64",
            "name": "fee",
            "type": "uint64"
          },
          {
            "internalType": "uint64",
            "name": "sequence",
            "type": "uint64"
          },
          {
            "internalType": "uint64",
            "name": "validUntil",
            "type": "uint64"
          },
          {
            "internalType": "bytes32",
            "name": "memo",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32[]",
            "name": "parents",
            "type": "bytes32[]"
          }
        ],
        "internalType": "struct PaymentOrder",
        "name": "order",
        "type": "tuple"
      }
    ],
    "name": "orderDigest",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "recipient",
        "type": "address"
      }
    ],
    "name": "owed",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "quorum",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "recipient",
        "type": "address"
      }
    ],
    "name": "release",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "amount",
        "type": "uint256"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      }
    ],
    "name": "requestExit",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "readyAt",
        "type": "uint64"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "salt",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "bytes[]",
        "name": "certificates",
        "type": "bytes[]"
      },
      {
        "internalType": "bytes",
        "name": "committee",
        "type": "bytes"
      },
      {
        "internalType": "bytes32",
        "name": "identityHash",
        "type": "bytes32"
      }
    ],
    "name": "settle",
    "outputs": [
      {
        "internalType": "enum Outcome[]",
        "name": "outcomes",
        "type": "uint8[]"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "asset",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      }
    ],
    "name": "window",
    "outputs": [
      {
        "internalType": "uint64",
        "name": "base",
        "type": "uint64"
      },
      {
        "internalType": "uint64",
        "name": "bitmap",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;

export const reserveBytecode =
  '0x61016080604052346103cf57612915803803809161001d82856103e7565b8339810160a0828203126103cf5781516001600160401b0381116103cf57820181601f820112156103cf5780516001600160401b0381116103d35760405191610070601f8301601f1916602001846103e7565b8183526020830193602083830101116103cf57815f926020809301865e830101526020830151916100a36040850161040a565b9260806100b26060870161040a565b950151948460e0526101205260018060401b03431661014052601c835104801580156103c5575b80156103b8575b610324576100ed8161041e565b906100fb60405192836103e7565b808252601f1961010a8261041e565b013660208401375f915f915b8083106103335750506001600160401b038211905061032457600281019081811161031057600361014892049061045d565b9060018201809211610310576101a79260489260018060401b039060011c1661010052604051948592602084019760018060c01b03199060c01b16885260288401525180918484015e81015f838201520301601f1981018352826103e7565b51902060c0525f1943014381116103105760405190602082019283524660408301523060608301524060808201524260a082015260a081526101ea60c0826103e7565b5190208060805260405160208101917fd87cd6ef79d4e2b95e15ce8abf732db51ec771f1ca2edccf22a46c729ac5647283527ffe13cc8f93f1a779e6094e143434ccde470d7fddbc97f2e34bf47d4c320921ee60408301527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc660608301524660808301523060a083015260c082015260c0815261028860e0826103e7565b51902060a0526040516124aa908161046b8239608051816102fa015260a0518181816101010152818161029f01526118f5015260c051818181610c3b0152610fc6015260e051818181610a2801528181610be501526117c101526101005181818161145f01526119390152610120518181816111db01526112d401526101405181610a6c0152f35b634e487b7160e01b5f52601160045260245ffd5b637ffe1a6560e01b5f5260045ffd5b601c830287016020908101519394929391929082901c6001600160401b03169160601c801580156103b0575b610324575f5b86811061038e5750916103859160019361037f8888610435565b5261045d565b93019190610116565b816001600160a01b036103a18389610435565b51161461032457600101610365565b50821561035f565b50601c84510615156100e0565b50608081116100d9565b5f80fd5b634e487b7160e01b5f52604160045260245ffd5b601f909101601f19168101906001600160401b038211908210176103d357604052565b51906001600160401b03821682036103cf57565b6001600160401b0381116103d35760051b60200190565b80518210156104495760209160051b010190565b634e487b7160e01b5f52603260045260245ffd5b919082018092116103105756fe60806040526004361015610011575f80fd5b5f3560e01c80630d8391d9146114835780631703a0181461143f57806328079e4a146113d1578063280e2d2b146112f857806328388630146112b457806328cb1e381461114c5780632dfdf0b51461112557806348b7504414610fe9578063609d454414610faf5780637a033dff14610b0a5780637c25866414610a9057806382100e3f14610a4c578063900cf0cf14610a085780639f909d1914610536578063b203bb99146104c6578063b42652e91461031d578063bfa0b133146102e3578063f20d3beb146101285763f698da25146100ea575f80fd5b34610124575f6003193601126101245760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b5f80fd5b346101245760206003193601126101245760043567ffffffffffffffff811161012457610140600319823603011261012457604051906101678261158c565b806004013560ff8116810361012457825261018460248201611549565b602083015261019560448201611549565b60408301526101a660648201611549565b60608301526101b760848201611577565b60808301526101c860a48201611577565b60a08301526101d960c48201611577565b60c08301526101ea60e48201611577565b60e08301526101048101356101008301526101248101359067ffffffffffffffff82116101245701903660238301121561012457600482013561022c816115cc565b9061023a60405192836115a9565b80825260051b83016024016020820136821161012457602460209501905b8282106102d457856102cc6102738787610120820152611f7c565b604290604051907f190100000000000000000000000000000000000000000000000000000000000082527f0000000000000000000000000000000000000000000000000000000000000000600283015260228201522090565b604051908152f35b81358152908501908501610258565b34610124575f6003193601126101245760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b3461012457602060031936011261012457610336611503565b60ff5f5c1661049e57600160ff195f5c16175f5d73ffffffffffffffffffffffffffffffffffffffff811690815f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f2090600182019267ffffffffffffffff8454169384156104765784421061044a57602094507fffffffffffffffffffffffffffffffffffffffffffffffff000000000000000081541690558254926fffffffffffffffffffffffffffffffff8460801c94169055604051908382527f104ad9ab27213fcc307f2308fc015959def8986f04d9475d82c5f32ab9c8d83b853393a38180610438575b505060ff195f5c165f5d604051908152f35b610443913390611efe565b8281610426565b847f93d00c8e000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7fd40f0da0000000000000000000000000000000000000000000000000000000005f5260045ffd5b7fb5dfd9e5000000000000000000000000000000000000000000000000000000005f5260045ffd5b34610124576040600319360112610124576104df611503565b73ffffffffffffffffffffffffffffffffffffffff6104fc611526565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f205460801c604051908152f35b346101245760606003193601126101245761054f611503565b610557611526565b906044359067ffffffffffffffff82168092036101245760ff5f5c1661049e57600160ff195f5c16175f5d6b20c0000000000000000000006bffffffffffffffffffffffff8260401c1614806109fe575b156109bc5773ffffffffffffffffffffffffffffffffffffffff83169283159081156109b2575b811561098a575b8115610967575b5061093b5773ffffffffffffffffffffffffffffffffffffffff1690604051907f70a08231000000000000000000000000000000000000000000000000000000008252306004830152602082602481865afa918215610899575f92610907575b50604051907f23b872dd00000000000000000000000000000000000000000000000000000000825233600483015230602483015260448201526020816064815f875af1908115610899575f916108cc575b50156108a457604051907f70a08231000000000000000000000000000000000000000000000000000000008252306004830152602082602481865afa8015610899575f90610865575b6106e192506115f1565b91821561083d5767ffffffffffffffff831161081557815f525f60205260405f20815f5260205260405f20805461071b858260801c6115e4565b906fffffffffffffffffffffffffffffffff8211610815576fffffffffffffffffffffffffffffffff169060801b1790556002549167ffffffffffffffff83169267ffffffffffffffff84146107e8577f1cf75fbf194df3b1e795dee59211cfc2da3c783e50fd5187f8fd442e05bd6c626020809686937fffffffffffffffffffffffffffffffffffffffffffffffff000000000000000067ffffffffffffffff600187011691161760025567ffffffffffffffff60405191168152a460ff195f5c165f5d604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f0e91558e000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f62af86ad000000000000000000000000000000000000000000000000000000005f5260045ffd5b506020823d602011610891575b8161087f602093836115a9565b81010312610124576106e191516106d7565b3d9150610872565b6040513d5f823e3d90fd5b7f5619382c000000000000000000000000000000000000000000000000000000005f5260045ffd5b90506020813d6020116108ff575b816108e7602093836115a9565b8101031261012457518015158103610124578461068e565b3d91506108da565b9091506020813d602011610933575b81610923602093836115a9565b810103126101245751908461063d565b3d9150610916565b827f4b579b22000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b60301c69ffffffffffffffffffff1669fdfdfdfdfdfdfdfdfdfd149050846105dd565b90506b20c0000000000000000000006bffffffffffffffffffffffff8260401c1614906105d6565b30851491506105cf565b73ffffffffffffffffffffffffffffffffffffffff907f013fb14a000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b50803b15156105a8565b34610124575f60031936011261012457602060405167ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b34610124575f60031936011261012457602060405167ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b3461012457604060031936011261012457610aa9611503565b73ffffffffffffffffffffffffffffffffffffffff610ac6611526565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602067ffffffffffffffff600160405f20015416604051908152f35b3461012457608060031936011261012457610b23611503565b60243567ffffffffffffffff811161012457366023820112156101245780600401359067ffffffffffffffff8211610124573660248360051b830101116101245760443567ffffffffffffffff8111610124573660238201121561012457806004013567ffffffffffffffff811161012457602482019160248236920101116101245760ff5f5c1661049e57600160ff195f5c16175f5d60405160208101907fffffffffffffffff0000000000000000000000000000000000000000000000007f000000000000000000000000000000000000000000000000000000000000000060c01b168252606435602882015282846048830137610c366048828581015f838201520301601f1981018352826115a9565b5190207f000000000000000000000000000000000000000000000000000000000000000003610f8757610c68846115cc565b94610c7660405196876115a9565b848652610c82856115cc565b92601f196020880194013685376040515f93610160820167ffffffffffffffff811183821017610f5a576040525f82525f60208301525f60408301525f60608301525f60808301525f60a08301525f60c08301525f60e08301525f6101008301525f6101208301526101408201604051610cfb8161158c565b5f81525f60208201525f60408201525f60608201525f60808201525f60a08201525f60c08201525f60e08201525f6101008201526060610120820152815261012060405191610d4a82846115a9565b60088352601f1982013660208501375101525f947fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffbd88360301905b89871015610f4b578660051b6024818b01013583811215610124578a0160248101359067ffffffffffffffff8211610124576044018136038113610124578588610dd19389938c611706565b9092600d841015610f1e578315610e775760018403610e3c575b8d518a1015610e0f5760019360208f94610e07950101526115e4565b960195610d85565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b7fd540b079e49b3fdc43bce758bf1f0573cc6a5dc71571684c50571881f28f27e5604080518c8152610e71602082018861156a565ba1610deb565b999b5050505050505050925060207f5378e99f1c6cc344f21e74745742dd30c73797900a542307d5d109383b01bf2891604051908152a15b80610f0c575b50509060ff195f5c165f5d604051918291602083019060208452518091526040830191905f5b818110610ee9575050500390f35b9193509160208082610efe600194885161156a565b019401910191849392610edb565b610f17913390611efe565b8280610eb5565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b96985050505050925050610eaf565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7fcc5900b6000000000000000000000000000000000000000000000000000000005f5260045ffd5b34610124575f6003193601126101245760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b3461012457604060031936011261012457611002611503565b61100a611526565b9060ff5f5c1661049e57600160ff195f5c16175f5d73ffffffffffffffffffffffffffffffffffffffff811691825f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff82165f5260205260405f20549182156110fd5782826110a492865f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff83165f526020525f60408120556115fe565b156108a4576020927f2d87480f50083e2b2759522a8fdda59802650a8055e609a7772cf70c07748f528473ffffffffffffffffffffffffffffffffffffffff604051948686521693a360ff195f5c165f5d604051908152f35b7f797dba54000000000000000000000000000000000000000000000000000000005f5260045ffd5b34610124575f60031936011261012457602067ffffffffffffffff60025416604051908152f35b3461012457602060031936011261012457611165611503565b60ff5f5c1661049e5773ffffffffffffffffffffffffffffffffffffffff90600160ff195f5c16175f5d16805f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f52602052600160405f200167ffffffffffffffff81541680611289575067ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001667ffffffffffffffff4216019167ffffffffffffffff83116107e85767ffffffffffffffff6020931691827fffffffffffffffffffffffffffffffffffffffffffffffff0000000000000000825416179055604051908282527fa2c878fd0cedfc403b411badadac73738e5df81bd4511af0c179e1c2a183b50a843393a360ff195f5c165f5d604051908152f35b7fc9e542ed000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b34610124575f60031936011261012457602060405167ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b3461012457602060031936011261012457611311611503565b60ff5f5c1661049e5773ffffffffffffffffffffffffffffffffffffffff90600160ff195f5c16175f5d16805f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f52602052600160405f200167ffffffffffffffff81541615610476577fffffffffffffffffffffffffffffffffffffffffffffffff0000000000000000815416905533907fd30c8131a6a3cce9e0edbe7444d42483b78b039fbf61a93bb7679b09d425b9715f80a360ff195f5c165f5d005b34610124576040600319360112610124576113ea611503565b73ffffffffffffffffffffffffffffffffffffffff611407611526565b91165f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b34610124575f60031936011261012457602060405167ffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101245760406003193601126101245761149c611503565b73ffffffffffffffffffffffffffffffffffffffff6114b9611526565b91165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f526020526040805f205467ffffffffffffffff8082841c16918351928352166020820152f35b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361012457565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361012457565b359073ffffffffffffffffffffffffffffffffffffffff8216820361012457565b90600d821015610f1e5752565b359067ffffffffffffffff8216820361012457565b610140810190811067ffffffffffffffff821117610f5a57604052565b90601f601f19910116810190811067ffffffffffffffff821117610f5a57604052565b67ffffffffffffffff8111610f5a5760051b60200190565b919082018092116107e857565b919082039182116107e857565b5f92918380936040519073ffffffffffffffffffffffffffffffffffffffff60208301947fa9059cbb00000000000000000000000000000000000000000000000000000000865216602483015260448201526044815261165f6064826115a9565b51925af13d156116ff573d67ffffffffffffffff8111610f5a57604051906116916020601f19601f84011601836115a9565b81523d5f602083013e5b816116f1575b816116aa575090565b600191506020815191015190602081106116c357501490565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b161490565b9050602081511015906116a1565b606061169b565b939092611714868486611fc9565b9360a0870191825115948515809781611eea575b8815611ee15762124f805b6101208c015161138881029080820461138814901517156107e857611757916115e4565b5a90620f4240019081620f4240116107e85710611ed05715611ebf5773ffffffffffffffffffffffffffffffffffffffff60408b01511673ffffffffffffffffffffffffffffffffffffffff8a1603611eae5767ffffffffffffffff8a511667ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001603611e9d5773ffffffffffffffffffffffffffffffffffffffff89165f525f60205260405f2073ffffffffffffffffffffffffffffffffffffffff8060208d015116165f5260205260405f209384549060608c019767ffffffffffffffff8951169561184d87856120ac565b611e885767ffffffffffffffff8460401c169660408801908189116107e8571015611e735767ffffffffffffffff808b511614611e5e5784928e5f96611b4f575b6119289495969761192260e06040517f086de4e47ead63be404f0fd35f7144ddc7813e238ef6e83ee5e13169ed88efc3815260c085602083015e20604290604051907f190100000000000000000000000000000000000000000000000000000000000082527f0000000000000000000000000000000000000000000000000000000000000000600283015260228201522090565b926120f2565b9015611b3c5767ffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001611611b2a5780611b22575b80611ae1575b611ad057600167ffffffffffffffff879493945116928093031b67ffffffffffffffff821617905b600180831614611ac1577fffffffffffffffffffffffffffffffff000000000000000000000000000000006119dc6fffffffffffffffffffffffffffffffff94958360801c6115f1565b9460401b91161717169060801b1790557f08a6b82759d2c25f3b9ee1943fb54f0a6c2187a79849b88f74ff7bae9caf63e4604067ffffffffffffffff73ffffffffffffffffffffffffffffffffffffffff60208a015116935194511681519073ffffffffffffffffffffffffffffffffffffffff891682526020820152a3611ab75767ffffffffffffffff9260a09261014092611a81575b5001510151169060019190565b611ab1908383015186608073ffffffffffffffffffffffffffffffffffffffff6040840151169201511691611efe565b5f611a74565b5050506001905f90565b90600190811c92019190611992565b50505050505050505050600c905f90565b50611b1c6101408b015167ffffffffffffffff608073ffffffffffffffffffffffffffffffffffffffff60408401511692015116908b612218565b1561196a565b508715611964565b5050505050505050505050600b905f90565b505050505050505050505050600a905f90565b61014091979495965001519573ffffffffffffffffffffffffffffffffffffffff604088015116600160ff89511611159081611e46575b81611e1c575b81611e02575b81611dde575b81611dd4575b81611dc9575b81611da0575b81611d7b575b81611d3e575b50158015611d28575b611d1257611bea67ffffffffffffffff60808901511667ffffffffffffffff60a08a015116906115e4565b96878760801c10611cfb578f90602073ffffffffffffffffffffffffffffffffffffffff910151168b51611c2760e060c0850151940151846115e4565b8084116101245787811161012457602091601f19601f865f9403808598604051957f19045a250000000000000000000000000000000000000000000000000000000087526004870152604060248701528160448701528a01606486013784606482860101520116606401907351653000000000000000000000000000000000005afa611cea575b8115159182611ce0575b505015611cca578e969594939661188e565b5050505050505050505050505050506009905f90565b1490505f80611cb8565b60203d03611cae575f519150611cae565b505050505050505050505050505050506008905f90565b5050505050505050505050505050506007905f90565b50611d3561027388611f7c565b8a511415611bbf565b885160ff1660011491508115611d56575b505f611bb6565b905073ffffffffffffffffffffffffffffffffffffffff60208901511614155f611d4f565b905069fdfdfdfdfdfdfdfdfdfd69ffffffffffffffffffff8260301c16141590611bb0565b90506b20c0000000000000000000006bffffffffffffffffffffffff8260401c16141590611baa565b308114159150611ba4565b8015159150611b9e565b602089015173ffffffffffffffffffffffffffffffffffffffff1615159150611b98565b905067ffffffffffffffff8060c08a015116141590611b92565b905067ffffffffffffffff611e3e8160808b0151168260a08c015116906115e4565b111590611b8c565b608089015167ffffffffffffffff1615159150611b86565b50505050505050505050505050506007905f90565b50505050505050505050505050506006905f90565b50505050505050505050505050506002905f90565b505050505050505050506005905f90565b505050505050505050506004905f90565b505050505050505050506003905f90565b50505050505050505050505f905f90565b62061a80611733565b6101408b01515160ff166001149850611728565b611f098383836115fe565b611f7757602073ffffffffffffffffffffffffffffffffffffffff807f7db67ca0eaf1eb1df6356349ae960f6d765d6ac9107e8ba57035a12bab0d5290931693845f526001835260405f208282165f52835260405f20611f6a8782546115e4565b90556040519586521693a3565b505050565b61016090610120810151610120604051927fa829bb2f23f0376dc14b174b4e89c49962516d353dcde92b2fc305ddf668cd538452602084015e6020815160051b9101206101408201522090565b9190916064831180159061209c575b61209557600281013560c01c8252600a81013560601c6020830152601e81013560601c6040830152603281013560c01c6060830152603a81013560c01c9081608084015263ffffffff6042820135928360a08601521161207a5760629161205e575b60019282604292013560f81c90816101208201526101008585019101520201011490565b9081013560f01c60640190818411801590612082575b1561203a575b505050505f90565b5061208f8383868461229e565b15612074565b5050505f90565b50610102813560f01c1415611fd8565b9067ffffffffffffffff8260401c16908181106120ea57036040811091826120d357505090565b67ffffffffffffffff16901c600190811614919050565b505050600190565b929594919390505f95601c604261012061010088015197015102860193045f945b848710612127575050505050505060019190565b9091929394959788820196873560f81c908110801561220e575b6121ec57600181019760218101357f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a081116121fc5760806020925f926001604183013560f81c92604051938c85528785015201356040830152606082015282805260015afa1561089957601c5f51910286019073ffffffffffffffffffffffffffffffffffffffff823560601c9116036121ec576014013560c01c0197604201959493929190612113565b505050505050505090505f905f90565b5050505050505050505090505f905f90565b5083811015612141565b73ffffffffffffffffffffffffffffffffffffffff165f525f60205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f5260205260405f20906122688254918260801c6115e4565b906fffffffffffffffffffffffffffffffff8211612095576fffffffffffffffffffffffffffffffff169060801b179055600190565b6122b7909392919382606461014086015196879361236e565b91901561207a578160c08401520360e082015273ffffffffffffffffffffffffffffffffffffffff60208301511673ffffffffffffffffffffffffffffffffffffffff60208301511614918261232f575b8261231257505090565b67ffffffffffffffff8092935060c0606092015116920151161490565b915073ffffffffffffffffffffffffffffffffffffffff60608301511673ffffffffffffffffffffffffffffffffffffffff6040830151161491612308565b929493905060808286031061249f57607d828401013591611fe0808460f81c9460f31c16169360808583010196600885118015612496575b612488577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe888301013560f01c90610801821191821561247b575b505061246e5791610120607e926020940191823560f81c8152600183013560601c85820152601583013560601c6040820152602983013560601c6060820152603d83013560c01c6080820152604583013560c01c60a0820152604d83013560c01c60c0820152605583013560c01c60e0820152605d83013561010082015201519384520191013760019190565b505050505090505f905f90565b8901141590505f806123e1565b50505050505090505f905f90565b508088116123a6565b50505090505f905f9056';
